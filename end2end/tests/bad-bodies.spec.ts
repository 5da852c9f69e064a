import { Person } from "./support/people";
import { PlainForm, type Values, listed, refusalIn } from "./support/plain-form";
import { expect, test } from "./support/test";

test("what is not a filled form is refused cleanly", async ({ page, guildhall }) => {
  const owner = await Person.administrator(guildhall);
  await owner.createOrganization({ name: "Zyxomma Works", slug: "zyxomma" });
  await owner.takeSeat(page);
  const organizations = () => listed(page.context(), `${guildhall.url}/api/v1/organizations`);
  const before = await organizations();
  for (const [path, id, good, needs] of [
    ["/sign-in", "sign-in", { email: owner.email, password: owner.password }, ["email", "password"]],
    ["/organizations/new", "organization", { name: "Bolts" }, ["name"]],
    ["/organizations/zyxomma/settings", "settings", { name: "Bolts" }, ["org", "name"]],
    ["/organizations/zyxomma/invitations", "invite", { email: "eve@x.test" }, ["org", "email", "role"]],
  ] as const) {
    const plain = await PlainForm.open(page.context(), guildhall.url + path, id);
    await expectNotUnderstood(plain, good, needs);
    await expectNotRead(plain, plain.body(good));
  }
  expect(await organizations(), "nothing was written").toEqual(before);
});

/** Fields that are missing, given twice, or something else than a text; and what is nothing of the kind. */
async function expectNotUnderstood(plain: PlainForm, good: Values, needs: readonly string[]): Promise<void> {
  const body = plain.body(good);
  const without = (name: string) => body.replace(new RegExp(`(^|&)${name}=[^&]*`), "");
  const bodies = [
    ...needs.map(without),
    ...plain.controls.map(({ name }) => `${body}&${name}=${name}`),
    ...needs.flatMap((name) => [`${without(name)}&${name}[]=a`, `${without(name)}&${name}[$gt]=`]),
    "",
    "&&==&",
    JSON.stringify(good),
    Buffer.concat([Buffer.from(body), Buffer.from([0xff])]),
  ];
  for (const body of bodies) {
    const place = `${plain.id}: ${body}`.slice(0, 200);
    const answer = await plain.post(body, { accept: "application/json" });
    expect(await refusalIn(answer), place).toEqual({ status: 400, code: "bad_request", fields: [] });
    const { status } = await plain.post(body, { accept: "text/html" });
    expect(status, place).toBe(302);
    expect((await plain.again()).heading, place).toBe("The request could not be understood.");
  }
}

/** A body that is too long, or of another kind. */
async function expectNotRead(plain: PlainForm, good: string): Promise<void> {
  const long = `${good}&bio=${"a".repeat(64 * 1024)}`;
  for (const accept of ["application/json", "text/html"]) {
    for (const body of [long, new Blob([long]).stream()]) {
      const answer = await plain.post(body, { accept });
      expect(answer.status).toBe(413);
      expect(await answer.text()).toContain("too large");
    }
    for (const type of ["text/plain", "multipart/form-data; boundary=x", "application/xml"]) {
      const answer = await plain.post(good, { accept, type });
      expect(answer.status).toBe(415);
      expect(await answer.text()).toBe("This is not a form.");
    }
  }
}

test("what nobody asked for is not read", async ({ page, guildhall }) => {
  await (await Person.administrator(guildhall)).takeSeat(page);
  const plain = await PlainForm.open(page.context(), `${guildhall.url}/organizations/new`, "organization");
  const more = { verified: "true", status: "banned", owner: "x", id: "1", member_limit: "0", ["__proto__"]: "x" };
  await plain.send({ name: "Zyxomma Works", slug: "zyxomma", ...more });
  const made = { slug: "zyxomma", verified: false, status: "active", member_limit: null, member_count: 1 };
  const organizations = await listed(page.context(), `${guildhall.url}/api/v1/organizations`);
  expect(organizations).toEqual([expect.objectContaining(made)]);
});
