import { arrived, expectHeading, expectNotice, gotoHydrated } from "./support/pages";
import { Person } from "./support/people";
import { expect, test } from "./support/test";

test("the navigation leads to every page, and each brings its list", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const { name, slug } = await owner.createOrganization({ name: "Northlight Observatory" });
  await owner.invite({ id: "", name, slug }, "noor@northlight.example");
  await owner.takeSeat(page);

  await gotoHydrated(page, "/account");
  await page.getByRole("navigation", { name: "Yours" }).getByRole("link", { name: "Organizations" }).click();
  await arrived(page, "/organizations");
  await expectHeading(page, "Organizations");
  await page.getByRole("main").getByRole("link", { name }).click();
  await arrived(page, `/organizations/${slug}`);
  await expectHeading(page, name);

  const navigation = page.getByRole("navigation", { name: "Organization" });
  for (const [title, content] of [
    ["Members", owner.email],
    ["Invitations", "noor@northlight.example"],
    ["Settings", "Danger zone"],
  ] as const) {
    const link = navigation.getByRole("link", { name: title });
    await link.click();
    await arrived(page, `/organizations/${slug}/${title.toLowerCase()}`);
    await expectHeading(page, title);
    await expect(link).toHaveAttribute("aria-current", "page");
    await expect(page.getByRole("main").getByText(content, { exact: true })).toBeVisible();
  }
  await page.goBack();
  await arrived(page, `/organizations/${slug}/invitations`);
  await expectHeading(page, "Invitations");

  // The numbers beside the links follow what is done, without the page being loaded again.
  const count = navigation.getByRole("link", { name: "Invitations" }).locator(".nav__count");
  await expect(count).toHaveText("1");
  await page.getByLabel("E-mail address").fill("ruth@northlight.example");
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await expectNotice(page, "An invitation is on its way to ruth@northlight.example.");
  await expect(count).toHaveText("2");
});
