import { expectAccessible } from "./support/accessibility";
import { expectRefused, expectRefusedWhole } from "./support/forms";
import { expectNoScript, gotoEntry, gotoHydrated, signInByForm } from "./support/pages";
import { Person, type Problem, refusedToAnyone } from "./support/people";
import { expect, test } from "./support/test";

test.use({ refusalsExpected: true });

/** The sentence by which the API refuses a field. */
function rule(problem: Problem, field: string): string {
  const found = problem.errors?.find(({ pointer }) => pointer === `#/${field}`);
  expect(found, `${field} in ${JSON.stringify(problem)}`).toBeDefined();
  return found!.detail;
}

test("set-up comes back with what was typed, but for the password", async ({ page, guildhall }) => {
  await gotoEntry(page, guildhall.setUpLink);
  const code = await page.getByLabel("Set-up code").inputValue();
  await page.getByLabel("Your name").fill("Ingeborg <Aasen>");
  await page.getByLabel("E-mail address").fill("ingeborg at northlight");
  await page.getByLabel("Password").fill("short");
  await page.getByRole("button", { name: "Set up" }).click();
  await expectRefused(
    page,
    [
      { label: "E-mail address", rule: "This is not an e-mail address like name@example.org." },
      { label: "Password", rule: "A password has at least 12 characters." },
    ],
  );
  await expect(page.getByLabel("Set-up code")).toHaveValue(code);
  await expect(page.getByLabel("Your name")).toHaveValue("Ingeborg <Aasen>");
  await expect(page.getByLabel("E-mail address")).toHaveValue("ingeborg at northlight");
  await expect(page.getByLabel("Password")).toHaveValue("");
  await expectNoScript(page);
  await expectAccessible(page);
});

test("set-up takes the printed code alone", async ({ page }) => {
  await gotoEntry(page, "/setup");
  await page.getByLabel("Set-up code").fill("not the code");
  await page.getByLabel("Your name").fill("Mallory");
  await page.getByLabel("E-mail address").fill("mallory@elsewhere.example");
  await page.getByLabel("Password").fill("violet harbor lantern 42");
  await page.getByRole("button", { name: "Set up" }).click();
  const rule = "Copy the code from the link that was printed at the start.";
  await expectRefused(page, [{ label: "Set-up code", rule }]);
  await expect(page.getByLabel("E-mail address")).toHaveValue("mallory@elsewhere.example");
});

test("sign-in does not tell which of the two is wrong", async ({ page, guildhall }) => {
  const known = await Person.administrator(guildhall);
  for (const email of [known.email, "nobody@northlight.example"]) {
    await gotoEntry(page, "/sign-in?next=/account");
    await signInByForm(page, { email, password: "not the password" });
    await expectRefusedWhole(page, "Address and password do not match");
    await expect(page.getByLabel("E-mail address")).toHaveValue(email);
    await expect(page.getByLabel("Password")).toHaveValue("");
  }
  const { detail } = await refusedToAnyone(guildhall, "/auth/login", { email: known.email, password: "wrong" });
  expect(detail).toBe("Address and password do not match");
  await expectNoScript(page);
  await expectAccessible(page);
  await signInByForm(page, known);
  await page.waitForURL("/account");
});

test("a new organization is refused field by field", async ({ page, guildhall }) => {
  const person = await Person.administrator(guildhall);
  await person.takeSeat(page);
  await gotoHydrated(page, "/organizations/new");
  await page.getByLabel("Slug").fill("admin");
  await page.getByLabel("Short description").fill("Bread by six, & <b>every</b> day.\nAlso on Sundays.");
  await page.getByLabel("Country").selectOption({ label: "Norway" });
  await page.getByRole("button", { name: "Make the organization" }).click();

  const refused = await person.refused("POST", "/organizations", { name: "", slug: "admin" });
  await expectRefused(
    page,
    [
      { label: "Name", rule: rule(refused, "name") },
      { label: "Slug (optional)", rule: rule(refused, "slug") },
    ],
  );
  await expect(page.getByLabel("Slug")).toHaveValue("admin");
  await expect(page.getByLabel("Short description")).toHaveValue("Bread by six, & <b>every</b> day.\nAlso on Sundays.");
  await expect(page.getByLabel("Country")).toHaveValue("NO");
  await expectAccessible(page);
});

test("a slug that is taken is named, with another that is free", async ({ page, guildhall }) => {
  const person = await Person.administrator(guildhall);
  await person.createOrganization({ name: "Quarry Lane Bakers", slug: "bakers" });
  await person.takeSeat(page);
  await gotoHydrated(page, "/organizations/new");
  await page.getByLabel("Name", { exact: true }).fill("Other bakers");
  await page.getByLabel("Slug").fill("bakers");
  await page.getByRole("button", { name: "Make the organization" }).click();
  const refused = await person.refused("POST", "/organizations", { name: "Other bakers", slug: "bakers" });
  expect(refused.code).toBe("slug_taken");
  expect(rule(refused, "slug")).toContain("“bakers-2” is free");
  await expectRefused(page, [{ label: "Slug (optional)", rule: rule(refused, "slug") }]);
  await expect(page.getByLabel("Name", { exact: true })).toHaveValue("Other bakers");
  await expect(page.getByLabel("Slug")).toHaveValue("bakers");
});

test("an invitation to what is no address is refused", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const { slug } = await owner.createOrganization({ name: "Northlight Observatory" });
  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${slug}/invitations`);
  await page.getByLabel("E-mail address").fill("noor@northlight");
  await page.getByRole("combobox", { name: "Role" }).selectOption({ label: "Billing" });
  await page.getByLabel("Message").fill("See you & yours </textarea> on Friday.");
  await page.getByRole("button", { name: "Send the invitation" }).click();
  const refused = await owner.refused("POST", `/organizations/${slug}/invitations`, { email: "noor@northlight" });
  await expectRefused(page, [{ label: "E-mail address", rule: rule(refused, "email") }]);
  await expect(page.getByLabel("E-mail address")).toHaveValue("noor@northlight");
  await expect(page.getByRole("combobox", { name: "Role" })).toHaveValue("billing");
  await expect(page.getByLabel("Message")).toHaveValue("See you & yours </textarea> on Friday.");
  await expectAccessible(page);
});

test("nobody is invited twice, and no member is", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const member = await owner.bringIn(organization, "Tomasz Wójcik");
  const invited = await owner.invite(organization, "amina@northlight.example");
  await owner.takeSeat(page);
  for (const [email, code] of [
    [invited.email, "already_invited"],
    [member.email, "already_member"],
  ] as const) {
    const refused = await owner.refused("POST", `/organizations/${organization.slug}/invitations`, { email });
    expect(refused.code).toBe(code);
    await gotoHydrated(page, `/organizations/${organization.slug}/invitations`);
    await page.getByLabel("E-mail address").fill(email);
    await page.getByRole("button", { name: "Send the invitation" }).click();
    await expectRefused(page, [{ label: "E-mail address", rule: rule(refused, "email") }]);
    await expect(page.getByLabel("E-mail address")).toHaveValue(email);
  }
});

test("a weak password does not open an account, and is not given back", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Northlight Observatory" });
  const invitation = await owner.invite(organization, "noor@northlight.example");
  const path = new URL(invitation.accept_url).pathname;
  await gotoEntry(page, path);
  await page.getByLabel("Your name").fill("Noor & co");
  for (const password of ["elevenchars", "northlightnorthlight"]) {
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Accept and join" }).click();
    const refused = await refusedToAnyone(guildhall, `${path}/accept`, { name: "Noor & co", password });
    await expectRefused(page, [{ label: "Password", rule: rule(refused, "password") }]);
    await expect(page.getByLabel("Your name")).toHaveValue("Noor & co");
    await expect(page.getByLabel("Password")).toHaveValue("");
    await expectNoScript(page);
  }
  await expectAccessible(page);
});

test("settings keep what was typed when one of them is wrong", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const { slug } = await owner.createOrganization({ name: "Northlight Observatory", bio: "Before." });
  await owner.takeSeat(page);
  await gotoHydrated(page, `/organizations/${slug}/settings`);
  await page.getByLabel("Short description").fill("After.");
  await page.getByLabel("Website").fill("javascript:alert(1)");
  await page.getByLabel("Invitations expire after").selectOption({ label: "30 days" });
  await page.getByLabel("Members may invite others").check();
  await page.getByRole("button", { name: "Save changes" }).click();
  const refused = await owner.refused("PATCH", `/organizations/${slug}`, { website: "javascript:alert(1)" });
  await expectRefused(page, [{ label: "Website (optional)", rule: rule(refused, "website") }]);
  await expect(page.getByLabel("Short description")).toHaveValue("After.");
  await expect(page.getByLabel("Website")).toHaveValue("javascript:alert(1)");
  await expect(page.getByLabel("Invitations expire after")).toHaveValue("30");
  await expect(page.getByLabel("Members may invite others")).toBeChecked();
  await expectAccessible(page);

  await page.getByLabel("Website").fill("https://northlight.example");
  await page.getByRole("button", { name: "Save changes" }).click();
  await expect(page.getByText("Your changes are saved.")).toBeVisible();
  await expect(page.locator(".error-summary")).toHaveCount(0);
  await gotoHydrated(page, `/organizations/${slug}`);
  await expect(page.getByText("After.")).toBeVisible();
});
