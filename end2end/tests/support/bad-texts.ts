import { type Locator, type Page, expect } from "@playwright/test";
import type { Group } from "./corpus";
import { gotoHydrated } from "./pages";
import type { Control, PlainForm, Refusal, Values } from "./plain-form";

/** A form: what its fields refuse, and how it is filled well. What is not named there stays as the page has it. */
export interface Form {
  id: string;
  fields: Record<string, Group[]>;
  good: Values;
}

/** What is seen of a field. */
type Seen = Pick<Control, "name" | "value" | "invalid">;

/** What is typed at once: for each of these fields one of the group's texts. */
type Round = Record<string, Group>;

// Looked at only when nothing else is wrong.
const JUDGED_LAST = ["password_weak"];

/** Every bad text in every field is refused with its code, at its field. */
export async function offerBadTexts(plain: PlainForm, form: Form): Promise<void> {
  const tries = Object.entries(form.fields).flatMap(([name, groups]) =>
    groups.flatMap((group) => group.values.map((text) => ({ name, text, group }))),
  );
  await inChunks(tries, async ({ name, text, group: { code, status = 422, whole } }) => {
    const refusal = await plain.ask(filled(form, { [name]: text }));
    const found = {
      status: refusal.status,
      code: refusal.fields[0]?.code ?? refusal.code,
      fields: [...new Set(refusal.fields.map((violation) => violation.name))],
    };
    expect(found, place(form, name, text)).toEqual({ status, code, fields: whole ? [] : [name] });
  });
}

/** Sent without scripts, the page comes back with the reason and with what was typed: two texts of each group. */
export async function expectBack(plain: PlainForm, form: Form): Promise<void> {
  for (const [name, groups] of Object.entries(form.fields)) {
    for (const { values, whole } of groups) {
      for (const text of new Set([values[0]!, values.at(-1)!])) {
        const sent = filled(form, { [name]: text });
        expect(await plain.send(sent), place(form, name, text)).toBe(plain.url);
        expectShown(await plain.again(), whole ? [] : [name], afterwards(texts(plain), sent, whole ? [] : [name]));
      }
    }
  }
}

function expectShown(back: PlainForm, wrong: string[], expected: Seen[]): void {
  expect(back.heading).not.toBe("");
  expect(back.summary).toEqual(wrong.map((name) => `${back.id}-${name}`));
  expect(back.controls.filter(({ invalid }) => invalid).map(({ name }) => name)).toEqual(wrong);
  expect(texts(back).map(({ name, value, invalid }) => ({ name, value, invalid }))).toEqual(expected);
}

/** One text of each group, typed into the page; several fields at once, since all of them are told at once. */
export async function typeBadTexts(page: Page, plain: PlainForm, form: Form, most = Infinity): Promise<void> {
  const controls = texts(plain);
  for (const [index, round] of rounds(form, controls).slice(0, most).entries()) {
    if (index === 0) await gotoHydrated(page, plain.url);
    const typed = await type(page, form, controls, round);
    if (Object.keys(typed).length === 0) continue;

    const sent = filled(form, typed);
    const refusal = await plain.ask(sent);
    for (const [name, text] of Object.entries(typed)) {
      const told = expect.objectContaining({ name, code: round[name]!.code });
      expect(refusal.fields, place(form, name, text)).toContainEqual(told);
    }
    await page.locator(`#${form.id} [type=submit]`).click();
    await expectTold(page, form, refusal, afterwards(controls, sent, refusal.fields.map(({ name }) => name)));
  }
}

/** Types one text of each group, and into the other fields what is good; answers what was bad. */
async function type(page: Page, form: Form, controls: Control[], round: Round): Promise<Values> {
  const field = (name: string) => page.locator(`#${form.id}-${name}`);
  const typed: Values = {};
  for (const [name, { values }] of Object.entries(round)) {
    const text = await typeOneOf(values, field(name));
    if (text !== undefined) typed[name] = text;
  }
  const sent = filled(form, typed);
  for (const control of controls.filter(({ name }) => !(name in typed))) {
    await field(control.name).fill(sent[control.name] ?? control.value);
  }
  return typed;
}

/** Types the first text that the field takes as it is: some drop line breaks. NUL cannot be written in HTML. */
async function typeOneOf(values: string[], field: Locator): Promise<string | undefined> {
  for (const value of values.filter((value) => !value.includes("\0"))) {
    await field.fill(value);
    if ((await field.inputValue()) === value) return value;
  }
  return undefined;
}

async function expectTold(page: Page, form: Form, { fields }: Refusal, expected: Seen[]): Promise<void> {
  await expect(page.locator(".error-summary li")).toHaveText(fields.map(({ message }) => message));
  const inputs = page.locator(`#${form.id} :is(input:not([type=hidden], [type=checkbox]), textarea)`);
  const seen = () =>
    inputs.evaluateAll((all) =>
      (all as HTMLInputElement[]).map((input) => {
        return { name: input.name, value: input.value, invalid: input.ariaInvalid === "true" };
      }),
    );
  await expect.poll(seen).toEqual(expected);
}

/** The first group of each field together, then the second, …; alone what would hide other refusals. */
function rounds(form: Form, controls: Control[]): Round[] {
  const together: Round[] = [];
  const alone: Round[] = [];
  for (const { name } of controls) {
    for (const [index, group] of form.fields[name]!.filter(({ whole }) => !whole).entries()) {
      if (group.status || JUDGED_LAST.includes(group.code)) alone.push({ [name]: group });
      else (together[index] ??= {})[name] = group;
    }
  }
  return [...together.filter(Boolean), ...alone];
}

/** What is seen of the fields after they were refused: what was sent, but no secret. */
function afterwards(controls: Control[], sent: Values, wrong: string[]): Seen[] {
  return controls.map(({ name, type, value }) => {
    const secret = type === "password" || name === "code";
    return { name, value: secret ? value : (sent[name] ?? value), invalid: wrong.includes(name) };
  });
}

/** The fields into which one types. */
function texts(form: PlainForm): Control[] {
  return form.controls.filter(({ type }) => !["hidden", "checkbox", "select"].includes(type));
}

/** A password that is asked for twice is given twice, unless it is the second that is tried. */
function filled({ fields, good }: Form, tried: Values): Values {
  const twice = "password_confirmation" in fields && "password" in tried;
  return { ...good, ...(twice && { password_confirmation: tried.password! }), ...tried };
}

function place(form: Form, name: string, text: string): string {
  return `${form.id}, ${name}: ${JSON.stringify(text).slice(0, 80)}`;
}

/** Several at a time, as a server is asked. */
async function inChunks<T>(items: T[], task: (item: T) => Promise<void>): Promise<void> {
  for (let start = 0; start < items.length; start += 16) await Promise.all(items.slice(start, start + 16).map(task));
}
