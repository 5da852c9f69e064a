import { expectAccessible } from "./support/accessibility";
import { arrived, expectHeading, expectNotice, gotoEntry, row, signInByForm, signOutByMenu } from "./support/pages";
import { expect, test } from "./support/test";

const FOUNDER = { name: "Ingeborg Aasen", email: "ingeborg@northlight.example", password: "violet harbor lantern 42" };
const INVITEE = { name: "نور الهاشمي", email: "noor@northlight.example", password: "copper meadow thirteen kites" };
const MESSAGE = "We need you & your <telescope> on Fridays.";

test("a fresh instance gets its administrator, an organization, and a member by mail", async ({ page, guildhall, newVisitor }) => {
  await test.step("the printed link makes the first administrator", async () => {
    await gotoEntry(page, guildhall.setUpLink);
    await expectHeading(page, "Set up Guildhall");
    await expectAccessible(page);
    await page.getByLabel("Your name").fill(FOUNDER.name);
    await page.getByLabel("E-mail address").fill(FOUNDER.email);
    await page.getByLabel("Password").fill(FOUNDER.password);
    await page.getByRole("button", { name: "Set up" }).click();
    await arrived(page, "/organizations/new");
    await expectNotice(page, "Guildhall is set up.");
  });

  await test.step("the administrator makes an organization", async () => {
    await expectHeading(page, "New organization");
    await expectAccessible(page);
    await page.getByLabel("Name", { exact: true }).fill("Northlight Observatory");
    await page.getByLabel("Short description").fill("Public evenings and one stubborn telescope.");
    await page.getByLabel("Country").selectOption({ label: "Norway" });
    await page.getByRole("button", { name: "Make the organization" }).click();
    await arrived(page, "/organizations/northlight-observatory");
    await expectNotice(page, "Northlight Observatory is made. You are its owner.");
    await expectHeading(page, "Northlight Observatory");
    await expect(page.getByText("Public evenings and one stubborn telescope.")).toBeVisible();
    await expectAccessible(page);
  });

  await test.step("and invites somebody", async () => {
    await page.getByRole("link", { name: "Invite people" }).click();
    await arrived(page, "/organizations/northlight-observatory/invitations");
    await expectHeading(page, "Invitations");
    await page.getByLabel("E-mail address").fill(INVITEE.email);
    await page.getByRole("textbox", { name: "Name" }).fill(INVITEE.name);
    await page.getByRole("combobox", { name: "Role" }).selectOption({ label: "Viewer" });
    await page.getByLabel("Message").fill(MESSAGE);
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await expectNotice(page, `An invitation is on its way to ${INVITEE.email}.`);
    await expect(row(page, INVITEE.email)).toContainText("Viewer");
    await expect(row(page, INVITEE.email)).toContainText(INVITEE.name);
    await expectAccessible(page);
  });

  const letter = await guildhall.mail.to(INVITEE.email);
  const [link = ""] = letter.links;
  await test.step("the mail says who invites whom, and leads to the public address", async () => {
    expect(letter.subject).toBe("Join Northlight Observatory on Guildhall");
    expect(letter.text).toContain(
      `${FOUNDER.name} invited you to join Northlight Observatory (northlight-observatory) as Viewer.`,
    );
    expect(letter.text).toContain(MESSAGE);
    expect(letter.html).toContain("We need you &#38; your &#60;telescope&#62; on Fridays.");
    expect(letter.html).toContain(`href="${link}"`);
    expect(link.startsWith(`${guildhall.url}/invitations/`)).toBe(true);
  });

  const invitee = await newVisitor();
  await test.step("whoever gets it sees what it is about", async () => {
    await gotoEntry(invitee, link);
    await expectHeading(invitee, "Join Northlight Observatory");
    const main = invitee.getByRole("main");
    await expect(main.getByText(`${FOUNDER.name} invited you.`)).toBeVisible();
    await expect(main.getByText(MESSAGE)).toBeVisible();
    for (const fact of ["northlight-observatory", INVITEE.email, "Viewer"]) {
      await expect(main.getByRole("definition").filter({ hasText: fact })).toBeVisible();
    }
    await expect(main.getByRole("heading", { name: "What happens next" })).toBeVisible();
    await expect(main.getByRole("listitem")).toHaveCount(3);
    await expectAccessible(invitee);
  });

  await test.step("sets a password, and is in", async () => {
    await expect(invitee.getByLabel("Your name")).toHaveValue(INVITEE.name);
    await invitee.getByLabel("Password").fill(INVITEE.password);
    await invitee.getByRole("button", { name: "Accept and join" }).click();
    await arrived(invitee, "/organizations/northlight-observatory");
    await expectNotice(invitee, "Welcome to Northlight Observatory.");
    await expectHeading(invitee, "Northlight Observatory");
    await expectAccessible(invitee);
  });

  await test.step("the administrator finds the new member, and gives another role", async () => {
    await page.getByRole("navigation", { name: "Organization" }).getByRole("link", { name: "Members" }).click();
    await arrived(page, "/organizations/northlight-observatory/members");
    await expectHeading(page, "Members");
    await expect(row(page, INVITEE.email)).toContainText("Viewer");
    await expectAccessible(page);
    await row(page, INVITEE.email).getByRole("link", { name: INVITEE.name }).click();
    await expectHeading(page, INVITEE.name);
    await expectAccessible(page);
    await page.getByRole("combobox", { name: "Role" }).selectOption({ label: "Admin" });
    await page.getByRole("button", { name: "Change the role" }).click();
    await expectNotice(page, `${INVITEE.name} has the role Admin now.`);
    await page.getByRole("link", { name: "All members" }).click();
    await arrived(page, "/organizations/northlight-observatory/members");
    await expect(row(page, INVITEE.email)).toContainText("Admin");
  });

  await test.step("the member signs out and in again, and may do more", async () => {
    await signOutByMenu(invitee);
    await expectHeading(invitee, "Sign in");
    await expectAccessible(invitee);
    await signInByForm(invitee, INVITEE);
    await arrived(invitee, "/organizations");
    await expectHeading(invitee, "Organizations");
    await expectAccessible(invitee);
    await invitee.getByRole("main").getByRole("link", { name: "Northlight Observatory" }).click();
    await arrived(invitee, "/organizations/northlight-observatory");
    await expect(invitee.getByRole("link", { name: "Invite people" })).toBeVisible();
  });
});
