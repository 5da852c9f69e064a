import type { Page } from "@playwright/test";
import { expectAccessible } from "./support/accessibility";
import { arrived, expectHeading, expectNotice, gotoHydrated, row } from "./support/pages";
import { Person } from "./support/people";
import { runsScripts } from "./support/project";
import { expect, test } from "./support/test";

test.use({ settings: { GUILDHALL_TRUST_LINKS: "true" } });

const names = (page: Page) => page.locator("tbody .person__name bdi");

test.describe("the list", () => {
  test("is searched by name and address, and filtered by role", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await owner.createOrganization({ name: "Northlight Observatory" });
    await owner.bringIn(organization, "Tomasz Wójcik", "billing");
    await owner.bringIn(organization, "Amina Yusuf");
    await owner.bringIn(organization, "李 雪");
    await owner.takeSeat(page);
    const path = `/organizations/${organization.slug}/members`;
    await gotoHydrated(page, path);
    await expect(names(page)).toHaveText(["Amina Yusuf", "Ingeborg Aasen", "Tomasz Wójcik", "李 雪"]);

    const search = page.getByRole("searchbox", { name: "Search members" });
    if (runsScripts()) {
      await search.pressSequentially("WÓJC");
      await page.waitForURL((url) => url.searchParams.get("q") === "WÓJC");
      await expect(search).toBeFocused();
    } else {
      await search.fill("WÓJC");
      await search.press("Enter");
      await arrived(page, path);
    }
    await expect(names(page)).toHaveText(["Tomasz Wójcik"]);
    await expectAccessible(page);

    await search.fill("nobody at all");
    await search.press("Enter");
    await expect(page.getByRole("heading", { name: "Nobody matches" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("link", { name: "Show everybody" }).click();
    await expect(names(page)).toHaveCount(4);

    await gotoHydrated(page, path);
    await page.getByRole("combobox", { name: "Role" }).selectOption({ label: "Member" });
    await page.getByRole("button", { name: "Apply" }).click();
    await page.waitForURL((url) => url.searchParams.get("role") === "member");
    await expect(names(page)).toHaveText(["Amina Yusuf", "李 雪"]);
    await expect(page.getByRole("combobox", { name: "Role" })).toHaveValue("member");
  });

  test("goes on to a second page and back", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await owner.createOrganization({ name: "Northlight Observatory" });
    const numbers = Array.from({ length: 21 }, (_, number) => `Member ${String.fromCharCode(65 + number)}`);
    await Promise.all(numbers.map((name) => owner.bringIn(organization, name)));
    await owner.takeSeat(page);
    await gotoHydrated(page, `/organizations/${organization.slug}/members`);
    await expect(names(page)).toHaveCount(20);
    await expect(page.getByText("20 of 22 members")).toBeVisible();
    await page.getByRole("link", { name: "Next" }).click();
    await expect(names(page)).toHaveText(["Member T", "Member U"]);
    await expectAccessible(page);
    await page.getByRole("link", { name: "Previous" }).click();
    await expect(names(page)).toHaveCount(20);
    await expect(names(page).first()).toHaveText("Ingeborg Aasen");
  });
});

test("an admin changes roles, but not that of the owner or the own one", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const admin = await owner.bringIn(organization, "Priyanka Rao", "admin");
  await owner.bringIn(organization, "Amina Yusuf");
  await admin.takeSeat(page);
  const list = `/organizations/${organization.slug}/members`;

  await gotoHydrated(page, list);
  await row(page, "Amina Yusuf").getByRole("link", { name: "Amina Yusuf" }).click();
  await expectHeading(page, "Amina Yusuf");
  await page.getByRole("combobox", { name: "Role" }).selectOption({ label: "Viewer" });
  await page.getByRole("button", { name: "Change the role" }).click();
  await expectNotice(page, "Amina Yusuf has the role Viewer now.");
  await expect(page.getByRole("combobox", { name: "Role" })).toHaveValue("viewer");
  await expect(page.getByRole("region", { name: "Profile" })).toContainText("Viewer");
  await expectAccessible(page);

  for (const [name, why] of [
    [owner.name, "The owner can only be changed by a transfer of ownership."],
    [admin.name, "Another admin has to change your role."],
  ] as const) {
    await gotoHydrated(page, list);
    await row(page, name).getByRole("link", { name }).click();
    await expectHeading(page, name);
    await expect(page.getByText(why)).toBeVisible();
    await expect(page.getByRole("button", { name: "Change the role" })).toHaveCount(0);
  }
});

test("a removal shows what goes with it, and withdraws it", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const admin = await owner.bringIn(organization, "Priyanka Rao", "admin");
  await admin.invite(organization, "one@northlight.example");
  await admin.invite(organization, "two@northlight.example");
  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${organization.slug}/members`);
  await row(page, admin.name).getByRole("link", { name: admin.name }).click();
  await expectHeading(page, admin.name);
  await page.getByText("Remove from the organization…").click();
  await expect(page.getByText("Withdrawn with it: 2 open invitations.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: `Remove ${admin.name}` }).click();
  await arrived(page, `/organizations/${organization.slug}/members`);
  await expectNotice(page, `${admin.name} was removed.`);
  await expect(names(page)).toHaveText([owner.name]);
  await gotoHydrated(page, `/organizations/${organization.slug}/invitations`);
  await expect(page.getByRole("heading", { name: "No invitations" })).toBeVisible();
});

test("members do not see what they may not do", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const member = await owner.bringIn(organization, "Amina Yusuf");
  await member.takeSeat(page);
  await gotoHydrated(page, `/organizations/${organization.slug}`);
  const navigation = page.getByRole("navigation", { name: "Organization" });
  await expect(navigation.getByRole("link", { name: "Members" })).toBeVisible();
  await expect(navigation.getByRole("link", { name: "Invitations" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "Invite people" })).toHaveCount(0);
  await gotoHydrated(page, `/organizations/${organization.slug}/settings`);
  await expect(page.getByRole("button", { name: "Save changes" })).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Transfer…" })).toBeDisabled();
  await expectAccessible(page);
});

test.describe("leaving", () => {
  test.use({ refusalsExpected: true });

  test("needs the slug typed", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await owner.createOrganization({ name: "Northlight Observatory" });
    const member = await owner.bringIn(organization, "Amina Yusuf");
    await member.takeSeat(page);
    await gotoHydrated(page, `/organizations/${organization.slug}/settings`);
    await page.getByRole("link", { name: "Leave…" }).click();
    await expectHeading(page, "Leave the organization");
    await expectAccessible(page);
    const slug = page.getByLabel("Slug of the organization");
    await slug.fill("something else");
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await expect(slug).toHaveAccessibleDescription(`Type ${organization.slug} to confirm.`);
    await slug.fill(organization.slug);
    await page.getByRole("button", { name: "Leave", exact: true }).click();
    await arrived(page, "/organizations");
    await expectNotice(page, "You left the organization.");
    await expect(page.getByRole("heading", { name: "No organizations" })).toBeVisible();
    await page.goto(`/organizations/${organization.slug}`);
    await expect(page.getByText("There is no such organization.")).toBeVisible();
  });
});

test("the owner hands the organization over, without being asked for the password at once", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const heir = await owner.bringIn(organization, "Amina Yusuf");
  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${organization.slug}/settings`);
  await page.getByRole("link", { name: "Transfer…" }).click();
  await expectHeading(page, "Transfer ownership");
  await expectAccessible(page);
  await page.getByLabel("New owner").selectOption({ label: `${heir.name} (${heir.email})` });
  await page.getByLabel("Your role afterwards").selectOption({ label: "Viewer" });
  await page.getByRole("button", { name: "Transfer ownership" }).click();
  await arrived(page, `/organizations/${organization.slug}/settings`);
  await expectNotice(page, `${heir.name} owns the organization now.`);
  await gotoHydrated(page, `/organizations/${organization.slug}/members`);
  await expect(row(page, heir.name)).toContainText("Owner");
  await expect(row(page, owner.name)).toContainText("Viewer");
  for (const address of [heir.email, owner.email]) {
    expect((await guildhall.mail.to(address)).subject).toBe(`${heir.name} now owns ${organization.name}`);
  }
});
