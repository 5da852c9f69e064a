import { expect, test } from "./support/test";

test("the page to read the API by shows every operation, and asks nobody else", async ({ page }) => {
  await page.goto("/api/docs");
  await expect(page).toHaveURL(/\/api\/docs\/$/);

  const operation = page.locator("#operations-Organizations-create_organization");
  await operation.getByText("Found an organization").click();

  await expect(operation.getByText("slug_taken").first()).toBeVisible();
});
