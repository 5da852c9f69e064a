import { type Locator, type Page, expect } from "@playwright/test";
import { runsScripts } from "./project";

/** Opens a page of the dashboard, and waits until it answers to more than links and forms. */
export async function gotoHydrated(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await hydrated(page);
}

/** Waits until the browser has come to a page, by whatever way. `path` is without the query. */
export async function arrived(page: Page, path: string): Promise<void> {
  await page.waitForURL((url) => url.pathname === path);
  await hydrated(page);
}

async function hydrated(page: Page): Promise<void> {
  const hydrates = /^\/(organizations(\/|$)|account$)/.test(new URL(page.url()).pathname);
  if (hydrates && runsScripts()) await expect(page.locator("html[data-hydrated]")).toBeAttached();
}

/** Opens a page for people who are not signed in. Such pages load no script, whether or not the browser runs any. */
export async function gotoEntry(page: Page, path: string): Promise<void> {
  const scripts: string[] = [];
  const note = (request: { url(): string }) => {
    if (/\.(js|wasm)(\?|$)/.test(request.url())) scripts.push(request.url());
  };
  page.on("request", note);
  await page.goto(path);
  page.off("request", note);
  expect(scripts, "scripts of an entry page").toEqual([]);
  await expectNoScript(page);
}

/** Nothing is loaded and nothing started; the framework leaves a few inline assignments, which are no program. */
export async function expectNoScript(page: Page): Promise<void> {
  await expect(page.locator("script[src], script[type=module], link[rel=modulepreload], link[rel=preload]")).toHaveCount(0);
}

export async function expectHeading(page: Page, name: string): Promise<void> {
  await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  await expect(page).toHaveTitle(`${name} · Guildhall`);
}

/** What the page says has been done. */
export async function expectNotice(page: Page, text: string): Promise<void> {
  await expect(page.getByRole("status").filter({ hasText: text })).toBeVisible();
}

/** The row of a list, by what stands in it. */
export function row(page: Page, text: string): Locator {
  return page.locator("tbody").getByRole("row").filter({ hasText: text });
}

/** Chooses from the menu of a row. */
export async function chooseInRow(page: Page, text: string, item: string): Promise<void> {
  await row(page, text).getByRole("button", { name: /^Actions for/ }).click();
  await page.locator(".menu:popover-open").getByText(item, { exact: true }).click();
}

export async function signInByForm(page: Page, who: { email: string; password: string }): Promise<void> {
  await page.getByLabel("E-mail address").fill(who.email);
  await page.getByLabel("Password").fill(who.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

export async function signOutByMenu(page: Page): Promise<void> {
  await page.locator("[popovertarget=me]").click();
  await page.getByRole("link", { name: "Sign out" }).click();
  await page.waitForURL("/sign-out");
  await expectNoScript(page);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL("/sign-in");
}
