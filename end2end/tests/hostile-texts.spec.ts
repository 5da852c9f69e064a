import type { Page } from "@playwright/test";
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

/** Nothing that was typed became a part of the page. That no dialog opened is watched on every page. */
async function expectNothingNew(page: Page): Promise<void> {
  await expect(page.locator("script:not([nonce]), img, .shell script, .entry script")).toHaveCount(0);
}

test("texts that look like markup go through forms and come back as they were typed", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const [name = ""] = NAMES;
  await owner.takeSeat(page);
  await gotoHydrated(page, "/organizations/new");
  await page.getByLabel("Name", { exact: true }).fill(name);
  await page.getByLabel("Slug").fill("bakers");
  await page.getByLabel("Short description").fill(TEXT);
  await page.getByRole("button", { name: "Make the organization" }).click();
  await page.waitForURL("/organizations/bakers");
  await expect(page.getByText(`${name} is made. You are its owner.`)).toBeVisible();

  await gotoHydrated(page, "/organizations/bakers/settings");
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue(name);
  await expect(page.getByLabel("Short description")).toHaveValue(TEXT);
  await page.getByLabel("Description (optional)", { exact: true }).fill(TEXT);
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Your changes are saved.")).toBeVisible();
  await gotoHydrated(page, "/organizations/bakers/settings");
  await expect(page.getByLabel("Description (optional)", { exact: true })).toHaveValue(TEXT);
  await expectNothingNew(page);

  await gotoHydrated(page, "/organizations/bakers/invitations");
  await page.getByLabel("E-mail address").fill("noor@bakers.example");
  await page.getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByLabel("Message").fill(TEXT);
  await page.getByRole("button", { name: "Send the invitation" }).click();
  await expect(row(page, "noor@bakers.example")).toContainText(name);
  await expectNothingNew(page);
  const letter = await guildhall.mail.to("noor@bakers.example");
  expect(letter.subject).toBe(`Join ${name} on Guildhall`);
  expect(letter.text).toContain(TEXT);
  expect(letter.html).not.toContain("<script");
});

test("every page shows the names of organizations and people as they were typed", async ({ page, guildhall, newVisitor }) => {
  const owner = await Person.administrator(guildhall, NAMES[0]);
  await owner.takeSeat(page);
  const invitee = await newVisitor();
  for (const name of NAMES) {
    const organization = await owner.createOrganization({ name, bio: TEXT, description: TEXT });
    const invitation = await owner.invite(organization, "noor@bakers.example", { name, message: TEXT });
    await gotoEntry(invitee, new URL(invitation.accept_url).pathname);
    await expectHeading(invitee, `Join ${name}`);
    await expect(invitee.getByText(`${owner.name} invited you.`, { exact: true })).toBeVisible();
    await expect(invitee.getByText(TEXT, { exact: true })).toBeVisible();
    await expectNothingNew(invitee);

    await gotoHydrated(page, `/organizations/${organization.slug}`);
    await expectHeading(page, name);
    await expect(page.getByText(TEXT, { exact: true })).toHaveCount(2);
    await expectNothingNew(page);
  }
  await invitee.getByLabel("Password").fill(PASSWORD);
  await invitee.getByRole("button", { name: "Accept and join" }).click();
  await expect(invitee.getByText(`Welcome to ${NAMES.at(-1)}.`, { exact: true })).toBeVisible();

  await gotoHydrated(page, "/organizations");
  for (const name of NAMES) await expect(page.getByRole("main").getByRole("link", { name, exact: true })).toBeVisible();
  await expectNothingNew(page);
});

test("the list and the pages of members show names as they were typed", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Quarry Lane Bakers" });
  await Promise.all(NAMES.map((name) => owner.bringIn(organization, name)));
  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${organization.slug}/members`);
  for (const name of NAMES) await expect(page.locator("tbody bdi").getByText(name, { exact: true })).toBeVisible();
  await expectNothingNew(page);
  await row(page, NAMES[1]!).getByRole("link", { name: NAMES[1]!, exact: true }).click();
  await expectHeading(page, NAMES[1]!);
  await expectNothingNew(page);
});
