import { expectAccessible } from "./support/accessibility";
import {
  arrived,
  chooseInRow,
  expectHeading,
  expectNoScript,
  expectNotice,
  gotoEntry,
  gotoHydrated,
  row,
  signInByForm,
} from "./support/pages";
import { type Invitation, PASSWORD, Person } from "./support/people";
import { expect, test } from "./support/test";

const INVITED = "noor@northlight.example";

const linkOf = (invitation: Invitation) => new URL(invitation.accept_url).pathname;

test("a withdrawn invitation says so, to both sides", async ({ page, guildhall, newVisitor }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const link = linkOf(await owner.invite(organization, INVITED));
  await owner.takeSeat(page);
  const list = `/organizations/${organization.slug}/invitations`;
  await gotoHydrated(page, list);
  await chooseInRow(page, INVITED, "Withdraw");
  await expectNotice(page, `The invitation to ${INVITED} is withdrawn.`);
  await expect(page.getByRole("heading", { name: "No invitations" })).toBeVisible();
  await page.getByRole("navigation", { name: "Invitations by state" }).getByRole("link", { name: "All" }).click();
  await expect(row(page, INVITED)).toContainText("Withdrawn");
  await expectAccessible(page);

  const invitee = await newVisitor();
  await gotoEntry(invitee, link);
  await expectHeading(invitee, "This invitation was withdrawn");
  await expect(invitee.getByText("Northlight Observatory")).toBeVisible();
  await expect(invitee.getByText(owner.name)).toBeVisible();
  await expectAccessible(invitee);
});

test("an invitation is sent again on request", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  await owner.invite(organization, INVITED);
  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${organization.slug}/invitations`);
  await expect(row(page, INVITED)).toContainText("Not mailed");
  await chooseInRow(page, INVITED, "Send again");
  await expectNotice(page, `The invitation to ${INVITED} is sent again.`);
  const letter = await guildhall.mail.to(INVITED);
  await gotoEntry(page, letter.links[0]!);
  // Whoever looks is signed in as the inviter.
  await expect(page.getByRole("heading", { name: "You are signed in as somebody else" })).toBeVisible();
});

test("an invitation is declined after a question, and stays so", async ({ page, guildhall, newVisitor }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const link = linkOf(await owner.invite(organization, INVITED));
  const invitee = await newVisitor();
  await gotoEntry(invitee, link);
  await invitee.getByRole("link", { name: "Decline the invitation" }).click();
  await expectHeading(invitee, "Decline to join Northlight Observatory?");
  await expectNoScript(invitee);
  await expectAccessible(invitee);
  await invitee.getByRole("button", { name: "Decline" }).click();
  await expectHeading(invitee, "This invitation was declined");
  await gotoEntry(invitee, link);
  await expectHeading(invitee, "This invitation was declined");
  await expectAccessible(invitee);

  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${organization.slug}/invitations?status=all`);
  await expect(row(page, INVITED)).toContainText("Declined");
});

test("an accepted invitation leads to signing in", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const invitation = await owner.invite(organization, INVITED);
  await Person.join(invitation, guildhall, "Noor");
  await gotoEntry(page, linkOf(invitation));
  await expectHeading(page, "This invitation was accepted");
  await expectAccessible(page);
  await page.getByRole("link", { name: "Sign in" }).click();
  await expectHeading(page, "Sign in");
});

test.describe("links that lead nowhere", () => {
  test.use({ refusalsExpected: true });

  test("say so without telling anything", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await owner.createOrganization({ name: "Northlight Observatory" });
    const link = linkOf(await owner.invite(organization, INVITED));
    for (const path of [link.slice(0, -1), `${link}A`, "/invitations/x"]) {
      await gotoEntry(page, path);
      await expectHeading(page, "There is no such invitation");
      await expect(page.getByText("Northlight")).toHaveCount(0);
    }
    await expectAccessible(page);
    expect((await page.request.get("/invitations/x")).status()).toBe(404);
  });
});

test("an invitation for somebody else asks to sign out first", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const link = linkOf(await owner.invite(organization, INVITED));
  await owner.takeSeat(page);
  await gotoEntry(page, link);
  await expect(page.getByRole("heading", { name: "You are signed in as somebody else" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Accept and join" })).toHaveCount(0);
  await expectAccessible(page);
  await page.getByRole("main").getByRole("link", { name: "Sign out" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("/sign-in");
  await gotoEntry(page, link);
  await expect(page.getByRole("button", { name: "Accept and join" })).toBeVisible();
});

test.describe("who has an account", () => {
  test.use({ settings: { GUILDHALL_TRUST_LINKS: "true" } });

  test("signs in, comes back and accepts", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const first = await owner.createOrganization({ name: "Quarry Lane Bakers" });
    await Person.join(await owner.invite(first, INVITED), guildhall, "Noor");
    const second = await owner.createOrganization({ name: "Northlight Observatory" });
    await owner.invite(second, INVITED, { send_email: true });
    const [link = ""] = (await guildhall.mail.to(INVITED)).links;
    await gotoEntry(page, link);
    await expect(page.getByRole("heading", { name: "Sign in to accept" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("main").getByRole("link", { name: "Sign in" }).click();
    await signInByForm(page, { email: INVITED, password: PASSWORD });
    await page.waitForURL(link);
    await expectNoScript(page);
    await expect(page.getByRole("heading", { name: "Accept the invitation" })).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Accept and join" }).click();
    await arrived(page, `/organizations/${second.slug}`);
    await expectNotice(page, "Welcome to Northlight Observatory.");
  });

  test("accepts or declines where the own organizations are", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const first = await owner.createOrganization({ name: "Quarry Lane Bakers" });
    const member = await Person.join(await owner.invite(first, INVITED), guildhall, "Noor");
    for (const name of ["Northlight Observatory", "Tide Pool Society"]) {
      await owner.invite(await owner.createOrganization({ name }), INVITED);
    }
    await member.takeSeat(page);
    await gotoHydrated(page, "/organizations");
    const invited = page.getByRole("region", { name: "You are invited" });
    await expect(invited.getByRole("listitem")).toHaveCount(2);
    await expectAccessible(page);

    const society = invited.getByRole("listitem").filter({ hasText: "Tide Pool Society" });
    await society.getByRole("button", { name: "Decline" }).click();
    await expectNotice(page, "The invitation is declined.");
    await expect(invited.getByRole("listitem")).toHaveCount(1);

    await invited.getByRole("button", { name: "Accept" }).click();
    await arrived(page, "/organizations/northlight-observatory");
    await expectNotice(page, "Welcome to Northlight Observatory.");
    await gotoHydrated(page, "/organizations");
    await expect(page.getByRole("main").getByRole("link", { name: "Northlight Observatory" })).toBeVisible();
    await expect(invited).toHaveCount(0);
  });
});

test.describe("a copied link", () => {
  test.use({ settings: { GUILDHALL_TRUST_LINKS: "false" }, refusalsExpected: true });

  test("makes an account that proves its address by mail first", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await owner.createOrganization({ name: "Northlight Observatory" });
    const other = await owner.createOrganization({ name: "Tide Pool Society" });
    const link = linkOf(await owner.invite(organization, INVITED));
    await owner.invite(other, INVITED);

    await gotoEntry(page, link);
    await page.getByLabel("Your name").fill("Noor");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.getByRole("button", { name: "Accept and join" }).click();
    await arrived(page, `/organizations/${organization.slug}`);

    await gotoHydrated(page, "/organizations");
    await expect(page.getByText("Confirm your address.")).toBeVisible();
    await expect(page.getByText("Tide Pool Society")).toHaveCount(0);
    await expectAccessible(page);
    await gotoHydrated(page, "/organizations/new");
    await page.getByLabel("Name", { exact: true }).fill("My own");
    await page.getByRole("button", { name: "Make the organization" }).click();
    await expect(page.locator(".error-summary").getByRole("heading")).toHaveText("Confirm your e-mail address first.");

    const first = await guildhall.mail.to(INVITED);
    await gotoHydrated(page, "/account");
    await expectHeading(page, "Account");
    await expect(page.getByText("Not confirmed yet")).toBeVisible();
    await expectAccessible(page);
    await page.getByRole("button", { name: "Send the link again" }).click();
    await expectNotice(page, "A mail with a link is on its way to you.");
    const second = await guildhall.mail.to(INVITED);
    expect([first.subject, second.subject]).toEqual(Array(2).fill("Confirm your e-mail address"));

    await gotoEntry(page, second.links[0]!);
    await expectHeading(page, "Confirm your address");
    await expectAccessible(page);
    await page.getByRole("button", { name: "Confirm my address" }).click();
    await arrived(page, "/organizations");
    await expectNotice(page, "Your address is confirmed.");
    await expect(page.getByText("Confirm your address.")).toHaveCount(0);
    await expect(page.getByRole("region", { name: "You are invited" })).toContainText("Tide Pool Society");
  });
});

test.describe("with limits", () => {
  test.use({ settings: { GUILDHALL_RATE_LIMITS: "" }, refusalsExpected: true });

  test("sending again too soon is refused where it can be seen", async ({ page, guildhall }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await owner.createOrganization({ name: "Northlight Observatory" });
    for (const email of [INVITED, "amina@northlight.example"]) {
      await owner.invite(organization, email, { send_email: true });
    }
    await owner.takeSeat(page);
    await gotoHydrated(page, `/organizations/${organization.slug}/invitations`);
    await chooseInRow(page, INVITED, "Send again");
    await expect(page.getByText("Too many requests; wait a little.")).toHaveCount(1);
    await expect(page.getByText("Too many requests; wait a little.")).toBeVisible();
  });
});
