import type { Page } from "@playwright/test";
import { expect } from "@playwright/test";
import type { Guildhall } from "./guildhall";

export const PASSWORD = "violet harbor lantern 42";

export interface Invitation {
  id: string;
  email: string;
  /** The link that can be copied and handed over. */
  accept_url: string;
}

export interface Organization {
  id: string;
  name: string;
  slug: string;
}

export interface Problem {
  code: string;
  detail: string;
  errors?: { pointer?: string; code: string; detail: string }[];
}

/** Somebody with an account, who speaks to the JSON API with a session. */
export class Person {
  readonly password = PASSWORD;

  private constructor(
    readonly guildhall: Guildhall,
    readonly name: string,
    readonly email: string,
    private readonly session: string,
  ) {}

  /** The first administrator, made at the command line. */
  static async administrator(guildhall: Guildhall, name = "Ingeborg Aasen"): Promise<Person> {
    const email = "ingeborg@northlight.example";
    await guildhall.run(["admin", "create", "--email", email, "--name", name, "--password-stdin"], PASSWORD);
    return Person.signIn(guildhall, name, email);
  }

  /** Somebody who takes the link of an invitation and makes an account by it. */
  static async join(invitation: Invitation, guildhall: Guildhall, name: string): Promise<Person> {
    const token = invitation.accept_url.split("/").at(-1);
    const answer = await send(guildhall, "POST", `/invitations/${token}/accept`, { name, password: PASSWORD });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return new Person(guildhall, name, invitation.email, cookie(answer));
  }

  static async signIn(guildhall: Guildhall, name: string, email: string): Promise<Person> {
    const answer = await send(guildhall, "POST", "/auth/login", { email, password: PASSWORD });
    expect(answer.status, await answer.clone().text()).toBe(200);
    return new Person(guildhall, name, email, cookie(answer));
  }

  /** Takes a browser over, as if signed in with it. */
  async takeSeat(page: Page): Promise<void> {
    const [name, value] = this.session.split("=") as [string, string];
    await page.context().addCookies([{ name, value, url: this.guildhall.url }]);
  }

  async createOrganization(fields: { name: string; slug?: string; [field: string]: unknown }): Promise<Organization> {
    return this.#ask("POST", "/organizations", fields);
  }

  async update(organization: Organization, fields: object): Promise<void> {
    await this.#ask("PATCH", `/organizations/${organization.slug}`, fields);
  }

  /** Without a mail, so that tests need not wait for one. */
  async invite(organization: Organization, email: string, fields: object = {}): Promise<Invitation> {
    const invitation = { email, send_email: false, ...fields };
    return this.#ask("POST", `/organizations/${organization.slug}/invitations`, invitation);
  }

  /** Brings a new member in: invites, and accepts by the link. */
  async bringIn(organization: Organization, name: string, role = "member"): Promise<Person> {
    const local = name.normalize("NFKD").replace(/[^a-z]/gi, "").toLowerCase() || "member";
    const email = `${local}${++Person.#count}@people.example`;
    return Person.join(await this.invite(organization, email, { role }), this.guildhall, name);
  }

  /** Asks for something that is refused. */
  async refused(method: string, path: string, body?: object): Promise<Problem> {
    const answer = await send(this.guildhall, method, path, body, this.session);
    expect(answer.ok, `${method} ${path} is refused`).toBe(false);
    return (await answer.json()) as Problem;
  }

  static #count = 0;

  async #ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await send(this.guildhall, method, path, body, this.session);
    expect(answer.ok, `${method} ${path}: ${answer.status} ${await answer.clone().text()}`).toBe(true);
    return (await answer.json()) as T;
  }
}

/** What the API says when nobody is signed in. */
export async function refusedToAnyone(guildhall: Guildhall, path: string, body: object): Promise<Problem> {
  const answer = await send(guildhall, "POST", path, body);
  expect(answer.ok, `POST ${path} is refused`).toBe(false);
  return (await answer.json()) as Problem;
}

function send(guildhall: Guildhall, method: string, path: string, body?: object, session?: string): Promise<Response> {
  const headers: Record<string, string> = { Origin: guildhall.url };
  if (body) headers["Content-Type"] = "application/json";
  if (session) headers.Cookie = session;
  return fetch(`${guildhall.url}/api/v1${path}`, { method, headers, body: body ? JSON.stringify(body) : null });
}

function cookie(answer: Response): string {
  return answer.headers.getSetCookie()[0]!.split(";")[0]!;
}
