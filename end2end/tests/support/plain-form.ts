import { type BrowserContext, expect } from "@playwright/test";

const FORM = "application/x-www-form-urlencoded";

export type Values = Record<string, string>;

/** A field as it stands in the page. */
export interface Control {
  name: string;
  /** What it is for the browser: `hidden`, `email`, `textarea`, `select`, … */
  type: string;
  /** What it sends when nobody touches it. */
  value: string;
  invalid: boolean;
}

/** Why a form was not taken. */
export interface Refusal {
  status: number;
  code: string;
  /** What is said of single fields. */
  fields: { name: string; code: string; message: string }[];
}

/** The error of a server function as it travels. */
type PageError =
  | { error: "invalid"; detail: Violation[] }
  | { error: "refused"; detail: { code: string; violations?: Violation[] } };

interface Violation {
  at: { pointer: string };
  code: string;
  message: string;
}

/** A form read from the source of its page, and sent as a browser would, but quickly and with any text. */
export class PlainForm {
  readonly controls: Control[];

  private constructor(
    private readonly visitor: BrowserContext,
    readonly url: string,
    readonly id: string,
    private readonly source: string,
    private readonly cookie: string,
  ) {
    this.controls = controlsIn(source);
  }

  /** Opens a page as the visitor, and finds its form. */
  static async open(visitor: BrowserContext, url: string, id: string): Promise<PlainForm> {
    const cookie = await cookieOf(visitor, url);
    const page = await fetch(url, { headers: { Cookie: cookie } });
    const source = new RegExp(`<form [^>]*id="${id}".*?</form>`, "s").exec(await page.text())?.[0];
    if (!source) throw new Error(`${url} has no form ${id}`);
    return new PlainForm(visitor, url, id, source, cookie);
  }

  /** Where the links of the summary above the fields lead. */
  get summary(): string[] {
    return [...this.source.matchAll(/<li><a [^>]*href="#([^"]*)"/g)].map(([, id = ""]) => id);
  }

  /** Its heading, or nothing when the form was not refused. */
  get heading(): string {
    return words(/class="error-summary".*?<h2>(.*?)<\/h2>/s.exec(this.source)?.[1] ?? "");
  }

  /** The body that it sends when these fields are filled; boxes are not ticked. */
  body(values: Values): string {
    const sent = this.controls.filter(({ type }) => type !== "checkbox").map(({ name, value }) => [name, value]);
    return new URLSearchParams({ ...Object.fromEntries(sent), ...values }).toString();
  }

  /** Sends it as a script does, which gets the refusal as the answer. */
  async ask(values: Values): Promise<Refusal> {
    return refusalIn(await this.post(this.body(values), { accept: "application/json" }));
  }

  /** Sends it as a browser without scripts does, and says where that is sent on to. */
  async send(values: Values): Promise<string> {
    const answer = await this.post(this.body(values), { accept: "text/html" });
    expect(answer.status, await answer.text()).toBe(302);
    return new URL(answer.headers.get("location") ?? "", this.url).href;
  }

  /** Sends any body at all. */
  async post(body: BodyInit, { accept, type = FORM }: { accept: string; type?: string }): Promise<Response> {
    const action = new URL(attribute(this.source, "action"), this.url);
    const { url: Referer, cookie: Cookie } = this;
    const headers = { Accept: accept, "Content-Type": type, Origin: action.origin, Referer, Cookie };
    // A stream is sent without its length; the types do not know yet that it needs the last member.
    const request = { method: "POST", body, headers, redirect: "manual", duplex: "half" } as const;
    const answer = await fetch(action, request);
    for (const cookie of answer.headers.getSetCookie()) {
      const [name = "", value = ""] = cookie.split(";")[0]!.split("=");
      await this.visitor.addCookies([{ name, value, url: action.origin }]);
    }
    return answer;
  }

  /** The same form as the page shows it now. */
  again(): Promise<PlainForm> {
    return PlainForm.open(this.visitor, this.url, this.id);
  }
}

/** The entries of a list that the JSON API shows the visitor; none if nobody is signed in. */
export async function listed<T>(visitor: BrowserContext, url: string): Promise<T[]> {
  const answer = await fetch(url, { headers: { Cookie: await cookieOf(visitor, url) } });
  return answer.ok ? ((await answer.json()) as { data: T[] }).data : [];
}

async function cookieOf(visitor: BrowserContext, url: string): Promise<string> {
  return (await visitor.cookies(url)).map(({ name, value }) => `${name}=${value}`).join("; ");
}

/** What a script is told. */
export async function refusalIn(answer: Response): Promise<Refusal> {
  const { error, detail } = (await answer.json()) as PageError;
  const violations = error === "invalid" ? detail : (detail.violations ?? []);
  const fields = violations.map(({ at, code, message }) => ({ name: at.pointer.split("/").at(-1)!, code, message }));
  return { status: answer.status, code: error === "invalid" ? "validation_failed" : detail.code, fields };
}

function controlsIn(source: string): Control[] {
  const tags = source.matchAll(/<(input|textarea|select)((?: [\w-]+(?:="[^"]*")?)*)>/g);
  return [...tags].map(({ 0: tag, 1: kind = "", 2: attributes = "", index }) => {
    const type = kind === "input" ? attribute(attributes, "type") : kind;
    const value = valueOf(type, attributes, source.slice(index + tag.length));
    const invalid = attribute(attributes, "aria-invalid") === "true";
    return { name: attribute(attributes, "name"), type, value, invalid };
  });
}

function valueOf(type: string, attributes: string, after: string): string {
  if (type === "textarea") return unescaped(after.slice(0, after.indexOf("</textarea>")));
  if (type !== "select") return attribute(attributes, "value");
  const options = after.slice(0, after.indexOf("</select>"));
  return attribute(/<option [^>]*selected[^>]*>/.exec(options)?.[0] ?? "", "value");
}

function attribute(tag: string, name: string): string {
  return unescaped(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1] ?? "");
}

function words(markup: string): string {
  return unescaped(markup.replace(/<[^>]*>/g, "")).trim();
}

function unescaped(text: string): string {
  const names: Record<string, string> = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  return text.replace(/&(?:lt|gt|quot|#x27|amp);/g, (name) => names[name]!);
}
