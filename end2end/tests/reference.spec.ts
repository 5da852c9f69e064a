import { expect, test } from "./support/test";

test("the page to read the API by shows every operation, and asks nobody else", async ({ page }) => {
  await page.goto("/api/docs");
  await expect(page).toHaveURL(/\/api\/docs\/$/);

  const operation = page.getByRole("button", { name: "post /organizations Found an organization" });
  await operation.click();

  await expect(page.getByText("slug_taken").first()).toBeVisible();
});
