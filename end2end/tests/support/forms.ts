import { type Page, expect } from "@playwright/test";

/** A field of a refused form, and the sentence it is refused with. */
export interface Complaint {
  label: string;
  rule: string;
}

/** The form came back with a summary that leads to each wrong field, and each field says what is wrong. */
export async function expectRefused(page: Page, complaints: Complaint[]): Promise<void> {
  const summary = page.locator(".error-summary");
  const fields = complaints.length === 1 ? "1 field needs" : `${complaints.length} fields need`;
  await expect(summary.getByRole("heading")).toHaveText(`Nothing was saved: ${fields} a correction`);
  await expect(summary.getByRole("listitem")).toHaveText(complaints.map(({ rule }) => rule));
  await expect(summary).toBeFocused();

  for (const { label, rule } of complaints) {
    const field = page.getByLabel(label, { exact: true });
    await expect(field).toHaveAttribute("aria-invalid", "true");
    await expect(field).toHaveAccessibleDescription(new RegExp(`^${escaped(rule)}`));
    await summary.getByRole("link", { name: rule, exact: true }).click();
    await expect(field).toBeFocused();
  }
}

/** The form came back with one sentence that is about no field. */
export async function expectRefusedWhole(page: Page, sentence: string): Promise<void> {
  const summary = page.locator(".error-summary");
  await expect(summary.getByRole("heading")).toHaveText(`${sentence}.`);
  await expect(summary).toBeFocused();
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
