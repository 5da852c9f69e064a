import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { gotoHydrated } from "./support/pages";
import { type Organization, Person } from "./support/people";
import { expect, test } from "./support/test";

test.use({ settings: { GUILDHALL_TRUST_LINKS: "true" } });

const SCREENSHOTS = join(import.meta.dirname, "../screenshots");
const WIDTHS = [1280, 360];
const APPEARANCES = {
  light: { colorScheme: "light", forcedColors: "none" },
  dark: { colorScheme: "dark", forcedColors: "none" },
  forced: { colorScheme: "light", forcedColors: "active" },
} as const;

/** Name and path of the pages to look at. */
type Pages = Record<string, string>;

for (const [appearance, media] of Object.entries(APPEARANCES)) {
  test(`every page fits wide and narrow windows in ${appearance} colors`, async ({ page, guildhall, newVisitor }) => {
    const owner = await Person.administrator(guildhall);
    const organization = await furnish(owner);
    await owner.takeSeat(page);
    const invitation = await owner.invite(organization, "noor.alhashimi@northlight.example", {
      name: "نور الهاشمي",
      role: "billing",
      message: "We would love to have you with us on Friday evenings.\nBring a warm coat.",
    });
    const stranger = await newVisitor();
    const join = new URL(invitation.accept_url).pathname;
    for (const visitor of [page, stranger]) await visitor.emulateMedia({ ...media, reducedMotion: "reduce" });

    const base = `/organizations/${organization.slug}`;
    await look(stranger, appearance, { "sign-in": "/sign-in", acceptance: join, "forgot-password": "/forgot-password" });
    await look(page, appearance, {
      organizations: "/organizations",
      "new-organization": "/organizations/new",
      overview: base,
      members: `${base}/members`,
      invitations: `${base}/invitations`,
      settings: `${base}/settings`,
      transfer: `${base}/transfer`,
      account: "/account",
    });
  });
}

/** An organization with people whose names are long, short, and of several scripts. */
async function furnish(owner: Person): Promise<Organization> {
  await owner.createOrganization({ name: "Quarry Lane Bakers", bio: "Bread by six, seven days a week." });
  const organization = await owner.createOrganization({
    name: "Northlight Observatory and School of Practical Astronomy",
    slug: "northlight",
    bio: "Public evenings, a school program and one stubborn telescope.",
    description: "Founded by neighbors in 1962. The dome opens every Friday, whatever the weather says.",
    website: "https://northlight.example/a-long-path-that-has-to-break-somewhere/visiting",
    country_code: "NO",
    industry: "education",
    email: "hello@northlight.example",
  });
  const people = [
    ["Maximilian von Rautenberg-Hohenlinden", "admin"],
    ["Priyanka Venkatanarasimharajuvaripeta", "member"],
    ["李 雪", "billing"],
    ["עומר גולן", "viewer"],
    ["Bo", "member"],
  ] as const;
  for (const [name, role] of people) await owner.bringIn(organization, name, role);
  await owner.invite(organization, "starlight.volunteer.coordination.office@northlight-observatory.example");
  await owner.invite(organization, "treasurer@northlight.example", { role: "admin", name: "Óscar Íñiguez" });
  return organization;
}

async function look(page: Page, appearance: string, pages: Pages): Promise<void> {
  for (const [name, path] of Object.entries(pages)) {
    await page.setViewportSize({ width: WIDTHS[0]!, height: 800 });
    await gotoHydrated(page, path);
    for (const width of WIDTHS) {
      await page.setViewportSize({ width, height: 800 });
      await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(excess, `${name} at ${width} px scrolls sideways by`).toBeLessThanOrEqual(0);
      await keepPicture(page, `${name}-${width}-${appearance}`);
    }
  }
}

/** Only on request: `SCREENSHOTS=1 npx playwright test looks`. */
async function keepPicture(page: Page, name: string): Promise<void> {
  if (!process.env.SCREENSHOTS) return;
  await mkdir(SCREENSHOTS, { recursive: true });
  await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
