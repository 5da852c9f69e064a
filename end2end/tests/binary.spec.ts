import { readdir } from "node:fs/promises";
import { gotoHydrated } from "./support/pages";
import { Person } from "./support/people";
import { expect, test } from "./support/test";

test("the binary, alone in an empty folder, serves a page that hydrates", async ({ page, guildhall }) => {
  expect((await readdir(guildhall.folder)).sort()).toEqual(["data", "guildhall"]);
  const person = await Person.administrator(guildhall);
  await person.createOrganization({ name: "Quarry Lane Bakers", slug: "bakers" });
  await person.takeSeat(page);
  const wasm = page.waitForResponse((response) => response.url().endsWith(".wasm"));
  await gotoHydrated(page, "/organizations/new");

  const answer = await wasm;
  expect(answer.status()).toBe(200);
  expect(answer.headers()["content-type"]).toBe("application/wasm");
  const packed = await page.request.get(answer.url(), { headers: { "Accept-Encoding": "br" } });
  expect(packed.headers()["content-encoding"]).toBe("br");
  const whole = await page.request.get(answer.url(), { headers: { "Accept-Encoding": "identity" } });
  expect(whole.headers()["content-encoding"]).toBeUndefined();
  expect((await whole.body()).subarray(0, 4)).toEqual(Buffer.from("\0asm"));

  const slug = page.getByLabel("Slug");
  await slug.fill("bakers");
  await expect(page.getByRole("status").filter({ hasText: "This one cannot be had" })).toBeVisible();
  await slug.fill("Other-Bakers");
  await expect(page.getByRole("status").filter({ hasText: "“other-bakers” is free." })).toBeVisible();
});

test("only scripts with the nonce of their page may run", async ({ page, guildhall }) => {
  const person = await Person.administrator(guildhall);
  await person.takeSeat(page);
  const nonces = new Set<string>();
  for (const path of ["/organizations", "/organizations", "/sign-in"]) {
    const answer = await page.request.get(path);
    const policy = answer.headers()["content-security-policy"] ?? "";
    const nonce = /script-src 'nonce-([\w+/=-]{16,})'/.exec(policy)?.[1];
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain("unsafe-inline");
    expect(nonce, policy).toBeDefined();
    nonces.add(nonce!);
    const scripts = (await answer.text()).match(/<script[^>]*>/g) ?? [];
    expect(scripts, path).not.toEqual([]);
    for (const script of scripts) expect(script).toContain(`nonce="${nonce}"`);
  }
  expect(nonces.size).toBe(3);
});
