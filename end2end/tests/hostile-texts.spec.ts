import { type Page } from "@playwright/test";
import { expectHeading, gotoEntry, gotoHydrated, row } from "./support/pages";
import { PASSWORD, Person } from "./support/people";
import { expect, test } from "./support/test";

test.use({ settings: { GUILDHALL_TRUST_LINKS: "true" } });

const NAMES = [
  "<script>alert(1)</script>",
  "</script><script>alert(1)",
  "{{7*7}}",
  "a & b",
  "<img src=x onerror=alert(1)>",
  "גילדת האופים",
  "نقابة الخبازين",
];
const TEXT = "</textarea><script>alert(1)</script><!-- </p> & &lt;";

/** Nothing that was typed became a part of the page. */
async function expectNothingNew(page: Page): Promise<void> {
  await expect(page.locator("script:not([nonce]), img, main script, .entry script")).toHaveCount(0);
}

for (const name of NAMES) {
  test(`${name} is shown as it was typed`, async ({ page, guildhall, newVisitor }) => {
    const owner = await Person.administrator(guildhall, name);
    await owner.takeSeat(page);
    await gotoHydrated(page, "/organizations/new");
    await page.getByLabel("Name", { exact: true }).fill(name);
    await page.getByLabel("Slug").fill("bakers");
    await page.getByLabel("Short description").fill(TEXT);
    await page.getByRole("button", { name: "Make the organization" }).click();
    await page.waitForURL("/organizations/bakers");
    await gotoHydrated(page, "/organizations/bakers");
    await expectHeading(page, name);
    await expect(page.getByText(TEXT, { exact: true })).toBeVisible();
    await expectNothingNew(page);

    await gotoHydrated(page, "/organizations/bakers/settings");
    await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
    await expect(page.getByLabel("Short description")).toHaveValue(TEXT);
    await page.getByLabel("Description (optional)", { exact: true }).fill(TEXT);
    await page.getByRole("button", { name: "Save changes" }).click();
    await expect(page.getByText("Your changes are saved.")).toBeVisible();
    await gotoHydrated(page, "/organizations/bakers/settings");
    await expect(page.getByLabel("Description (optional)", { exact: true })).toHaveValue(TEXT);
    await expectNothingNew(page);

    const email = "noor@bakers.example";
    const organization = { id: "", name, slug: "bakers" };
    const invitation = await owner.invite(organization, email, { name, message: TEXT });
    await gotoHydrated(page, "/organizations/bakers/invitations");
    await expect(row(page, email)).toContainText(`${name} · by ${name}`);
    await expectNothingNew(page);

    const invitee = await newVisitor();
    await gotoEntry(invitee, new URL(invitation.accept_url).pathname);
    await expectHeading(invitee, `Join ${name}`);
    await expect(invitee.getByText(`${name} invited you.`, { exact: true })).toBeVisible();
    await expect(invitee.getByText(TEXT, { exact: true })).toBeVisible();
    await expectNothingNew(invitee);
    await invitee.getByLabel("Password").fill(PASSWORD);
    await invitee.getByRole("button", { name: "Accept and join" }).click();
    await expect(invitee.getByText(`Welcome to ${name}.`, { exact: true })).toBeVisible();

    await gotoHydrated(page, "/organizations/bakers/members");
    await expect(page.locator("tbody .person__name bdi")).toHaveText([name, name]);
    await row(page, email).getByRole("link").first().click();
    await expectHeading(page, name);
    await expect(page.getByText(`Member of ${name}.`, { exact: true })).toBeVisible();
    await expectNothingNew(page);
  });
}
