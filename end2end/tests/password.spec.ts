import { expectAccessible } from "./support/accessibility";
import { expectRefused } from "./support/forms";
import {
  arrived,
  expectHeading,
  expectNoScript,
  expectNotice,
  gotoEntry,
  gotoHydrated,
  signInByForm,
} from "./support/pages";
import { Person } from "./support/people";
import { expect, test } from "./support/test";

test.use({ refusalsExpected: true });

test("a forgotten password is replaced by mail, which ends what was signed in", async ({ page, guildhall, newVisitor }) => {
  const person = await Person.administrator(guildhall);
  const elsewhere = await newVisitor();
  await person.takeSeat(elsewhere);
  await gotoHydrated(elsewhere, "/organizations");

  await gotoEntry(page, "/sign-in");
  await page.getByRole("link", { name: "Forgot your password?" }).click();
  await expectHeading(page, "Forgot your password?");
  await expectAccessible(page);
  await page.getByLabel("E-mail address").fill(person.email);
  await page.getByRole("button", { name: "Send the link" }).click();
  await expectNotice(page, "If the address has an account, a mail with a link is on its way.");
  await expectNoScript(page);

  const letter = await guildhall.mail.to(person.email);
  const [link = ""] = letter.links;
  expect(letter.subject).toBe("Choose a new password");
  expect(letter.html).toContain(`href="${link}"`);
  expect(link.startsWith(`${guildhall.url}/reset-password/`)).toBe(true);

  await gotoEntry(page, link);
  await expectHeading(page, "Choose a new password");
  await expectAccessible(page);
  const change = async (password: string, again: string) => {
    await page.getByLabel("New password").fill(password);
    await page.getByLabel("The same again").fill(again);
    await page.getByRole("button", { name: "Change my password" }).click();
  };
  await change("copper meadow thirteen kites", "copper meadow fourteen kites");
  await expectRefused(page, [{ label: "The same again", rule: "Type the same password twice." }]);
  await expect(page.getByLabel("New password")).toHaveValue("");
  await change("copper meadow thirteen kites", "copper meadow thirteen kites");
  await page.waitForURL("/sign-in");
  await expectNotice(page, "Your password is changed. Sign in with it.");

  await elsewhere.goto("/organizations");
  await expect(elsewhere).toHaveURL(/\/sign-in\?next=/);

  await signInByForm(page, person);
  await expect(page.locator(".error-summary")).toHaveText("Address and password do not match.");
  await signInByForm(page, { email: person.email, password: "copper meadow thirteen kites" });
  await arrived(page, "/organizations");

  await gotoEntry(page, link);
  await expectHeading(page, "This link to reset a password is no longer valid");
  await expectAccessible(page);
});

test("whether an address has an account is not told", async ({ page }) => {
  await gotoEntry(page, "/forgot-password");
  await page.getByLabel("E-mail address").fill("nobody@northlight.example");
  await page.getByRole("button", { name: "Send the link" }).click();
  await expectNotice(page, "If the address has an account, a mail with a link is on its way.");
});
