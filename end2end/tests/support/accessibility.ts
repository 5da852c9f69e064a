import AxeBuilder from "@axe-core/playwright";
import { type Page, expect, test } from "@playwright/test";
import { runsScripts } from "./project";

const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"];

/** No violation that axe can find, in light and in dark. */
export async function expectAccessible(page: Page): Promise<void> {
  // axe is a script itself: where scripts are off it waits for ever. The same pages are checked where they are on.
  if (!runsScripts()) return;
  // Colors do not depend on the database.
  const dark = test.info().project.name === "hydrated" ? (["dark"] as const) : [];
  for (const colorScheme of ["light", ...dark] as const) {
    // Without motion, or colors that are still changing would be judged.
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    // There are no frames, so the simple way does, which opens no page of its own.
    const { violations } = await new AxeBuilder({ page }).withTags(RULES).setLegacyMode().analyze();
    const found = violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map((node) => node.html) }));
    expect(found, `${page.url()}, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}
