import type { Page } from "@playwright/test";
import { type Form, expectBack, offerBadTexts, typeBadTexts } from "./support/bad-texts";
import { address, always, corpus, optional, unlessEmpty } from "./support/corpus";
import { PASSWORD, Person } from "./support/people";
import { PlainForm, listed } from "./support/plain-form";
import { expect, test } from "./support/test";

test.use({ refusalsExpected: true, settings: { GUILDHALL_SIGN_UP: "open" } });

const FOUNDER = "ingeborg@northlight.example";
// The corpus has confirmations that are almost this one.
const NEW_PASSWORD = "granite otter violin 42";

const SET_UP: Form = {
  id: "setup",
  fields: {
    code: always("slug", { status: 403, code: "setup_code_invalid" }),
    full_name: corpus("name", 128),
    email: address(),
    password: corpus("password"),
  },
  good: { full_name: "Ingeborg Aasen", email: FOUNDER, password: PASSWORD },
};

const NEW_ORGANIZATION: Form = {
  id: "organization",
  fields: {
    name: corpus("name", 256),
    slug: optional("slug", 39),
    bio: optional("prose", 256),
    country_code: optional("country"),
    visibility: optional("visibility"),
  },
  good: { name: "Zyxomma Works", slug: "zyxomma" },
};

const SETTINGS: Form = {
  id: "settings",
  fields: {
    name: corpus("name", 256),
    bio: optional("prose", 256),
    description: optional("prose", 4096),
    website: optional("url"),
    email: optional("email"),
    phone: optional("phone"),
    country_code: optional("country"),
    industry: optional("industry"),
    visibility: unlessEmpty("visibility"),
    default_role: unlessEmpty("role"),
    invitation_ttl_days: [{ code: "expiry_out_of_range", values: ["0", "-1", "31", "9223372036854775807"] }],
  },
  good: { bio: "Dragonflies, mostly." },
};

const INVITE: Form = {
  id: "invite",
  fields: {
    email: address(),
    name: optional("name", 128),
    role: corpus("role"),
    message: optional("prose", 1000),
  },
  good: { email: "zebediah@x.test", name: "Zebediah Quill" },
};

const ACCEPT: Form = {
  id: "accept",
  fields: {
    name: optional("name", 128),
    password: [
      { code: "password_required", values: [""] },
      ...unlessEmpty("password"),
      ...corpus("password_of_zebediah"),
    ],
  },
  good: { password: PASSWORD },
};

const CHANGE_ROLE: Form = {
  id: "role",
  fields: {
    role: corpus("role").map((group) =>
      group.code === "role_unknown" ? group : { ...group, status: 409, code: "owner_protected", whole: true },
    ),
  },
  good: { role: "viewer" },
};

const TRANSFER: Form = {
  id: "transfer",
  fields: {
    new_owner_uid: [
      { code: "missing_field", values: ["", " "] },
      { code: "not_a_member", values: ["x", "\0", "00000000-0000-0000-0000-000000000000"] },
    ],
    previous_owner_role: always("role", { code: "role_unknown" }),
  },
  good: {},
};

const LEAVE: Form = {
  id: "leave",
  fields: { confirm: always("slug", { code: "confirmation_mismatch" }) },
  good: { confirm: "zyxomma" },
};

const CONFIRM_PASSWORD: Form = {
  id: "confirm",
  fields: { password: always("password", { status: 403, code: "wrong_password", whole: true }) },
  good: { password: PASSWORD },
};

const SIGN_UP: Form = {
  id: "sign-up",
  fields: { email: address(), full_name: optional("name", 128), password: corpus("password") },
  good: { email: "eve@x.test", password: PASSWORD },
};

const SIGN_IN: Form = {
  id: "sign-in",
  fields: {
    email: address(),
    password: always("password", { status: 401, code: "invalid_credentials", whole: true }),
  },
  good: { email: FOUNDER, password: NEW_PASSWORD },
};

const FORGOT_PASSWORD: Form = { id: "forgot", fields: { email: address() }, good: { email: FOUNDER } };

const RESET_PASSWORD: Form = {
  id: "reset",
  fields: { password: corpus("password"), password_confirmation: corpus("password_confirmation") },
  good: { password: NEW_PASSWORD, password_confirmation: NEW_PASSWORD },
};

/** Everything bad in every field; then what is good is taken, so that it was nothing else that was refused before. */
async function refuseThenTake(page: Page, url: string, form: Form, leadsTo: string): Promise<void> {
  await test.step(`${form.id}: refuses what is bad, takes what is good`, async () => {
    const plain = await PlainForm.open(page.context(), url, form.id);
    const fields = plain.controls.filter(({ type }) => !["hidden", "checkbox"].includes(type)).map(({ name }) => name);
    expect(fields.sort(), "the fields of the form").toEqual(Object.keys(form.fields).sort());

    const organizations = () => listed(page.context(), `${new URL(url).origin}/api/v1/organizations`);
    const before = await organizations();
    if (test.info().project.name === "hydrated") {
      await typeBadTexts(page, plain, form);
    } else {
      // What goes over the wire is the same with scripts and without, but not on both databases. What the browser makes
      // of what is typed, and of the page that comes back, is the same each time.
      await offerBadTexts(plain, form);
      await expectBack(plain, form);
      await typeBadTexts(page, plain, form, 1);
    }
    expect(await organizations(), "nothing was written").toEqual(before);

    expect(new URL(await plain.send(form.good)).pathname).toBe(leadsTo);
  });
}

test("set-up and new organizations refuse their part of the corpus", async ({ page, guildhall }) => {
  await refuseThenTake(page, guildhall.setUpLink, SET_UP, "/organizations/new");
  await refuseThenTake(page, `${guildhall.url}/organizations/new`, NEW_ORGANIZATION, "/organizations/zyxomma");
});

test("settings refuse their part of the corpus", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  await owner.createOrganization({ name: "Zyxomma Works", slug: "zyxomma" });
  await owner.takeSeat(page);
  const settings = "/organizations/zyxomma/settings";
  await refuseThenTake(page, guildhall.url + settings, SETTINGS, settings);
});

test("everything about members refuses its part of the corpus", async ({ page, guildhall, newVisitor }) => {
  const owner = await Person.administrator(guildhall);
  await owner.createOrganization({ name: "Zyxomma Works", slug: "zyxomma" });
  await owner.takeSeat(page);
  const organization = `${guildhall.url}/organizations/zyxomma`;
  await refuseThenTake(page, `${organization}/invitations`, INVITE, "/organizations/zyxomma/invitations");
  const invitation = (await guildhall.mail.to("zebediah@x.test")).links[0]!;
  await refuseThenTake(await newVisitor(), invitation, ACCEPT, "/organizations/zyxomma");

  const found = `${guildhall.url}/api/v1/organizations/zyxomma/members?search=zebediah`;
  const member = (await listed<{ user_id: string }>(page.context(), found))[0]!.user_id;
  const profile = `/organizations/zyxomma/members/${member}`;
  await refuseThenTake(page, guildhall.url + profile, CHANGE_ROLE, profile);
  await refuseThenTake(page, `${guildhall.url}/confirm-password`, CONFIRM_PASSWORD, "/organizations");
  await refuseThenTake(page, `${organization}/transfer?to=${member}`, TRANSFER, "/organizations/zyxomma/settings");
  await refuseThenTake(page, `${organization}/leave`, LEAVE, "/organizations");
});

test("everything about accounts refuses its part of the corpus", async ({ page, guildhall }) => {
  await Person.administrator(guildhall);
  await refuseThenTake(page, `${guildhall.url}/sign-up`, SIGN_UP, "/sign-in");
  expect((await guildhall.mail.to("eve@x.test")).subject).toBe("Confirm your e-mail address");
  await refuseThenTake(page, `${guildhall.url}/forgot-password`, FORGOT_PASSWORD, "/forgot-password");
  const reset = (await guildhall.mail.to(FOUNDER)).links[0]!;
  await refuseThenTake(page, reset, RESET_PASSWORD, "/sign-in");
  await refuseThenTake(page, `${guildhall.url}/sign-in`, SIGN_IN, "/organizations");
  expect(guildhall.mail.left, "mail about what was refused").toEqual([]);
});

test("signing in leads nowhere but to a page of this site", async ({ page, guildhall }) => {
  const { email, password } = await Person.administrator(guildhall);
  const plain = await PlainForm.open(page.context(), `${guildhall.url}/sign-in`, "sign-in");
  for (const next of corpus("redirect").flatMap(({ values }) => values)) {
    expect(await plain.send({ email, password, next }), next).toBe(`${guildhall.url}/organizations`);
  }
});

test("what a page hides in its form is judged as well", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  const organization = await owner.createOrganization({ name: "Zyxomma Works", slug: "zyxomma" });
  const { email } = await owner.bringIn(organization, "Zebediah Quill");
  const invitation = await owner.invite(organization, "eve@x.test");
  await owner.takeSeat(page);
  const found = `${guildhall.url}/api/v1/organizations/zyxomma/members?search=${email}`;
  const [member] = await listed<{ user_id: string }>(page.context(), found);
  const nowhere = ["", "0", "x", "\0", "..", "../../admin", "\u{1f600}", "1' or '1'='1", "a".repeat(5000)];
  const zyxomma = `${guildhall.url}/organizations/zyxomma`;
  for (const [url, id, field, status, code] of [
    [`${zyxomma}/settings`, "settings", "org", 404, "organization_not_found"],
    [`${zyxomma}/invitations`, "invite", "org", 404, "organization_not_found"],
    [`${zyxomma}/leave`, "leave", "org", 404, "organization_not_found"],
    [`${zyxomma}/members/${member!.user_id}`, "role", "member", 404, "member_not_found"],
    [`${zyxomma}/members/${member!.user_id}`, "remove", "member", 404, "member_not_found"],
    [`${invitation.accept_url}/decline`, "decline", "token", 404, "invitation_not_found"],
    [`${guildhall.url}/verify-email/x`, "verify", "token", 410, "verification_expired"],
  ] as const) {
    const plain = await PlainForm.open(page.context(), url, id);
    for (const value of nowhere) {
      expect(await plain.ask({ [field]: value }), `${id}: ${value}`.slice(0, 80)).toEqual({ status, code, fields: [] });
    }
  }
});
