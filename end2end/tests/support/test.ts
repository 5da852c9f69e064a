import { type Page, test as base } from "@playwright/test";
import { Guildhall, type Settings } from "./guildhall";
import { Watch } from "./watch";

export { expect } from "@playwright/test";

interface Options {
  /** Settings of the server besides the usual ones, as environment variables. */
  settings: Settings;
  /** Whether the test has something refused: the browser notes such answers on its console. */
  refusalsExpected: boolean;
}

interface Fixtures {
  guildhall: Guildhall;
  /** Opens a page in another browser: another person, or the same one elsewhere. */
  newVisitor: () => Promise<Page>;
}

export const test = base.extend<Options & Fixtures>({
  settings: [{}, { option: true }],
  refusalsExpected: [false, { option: true }],

  guildhall: async ({ settings }, use, testInfo) => {
    const guildhall = await Guildhall.start({ postgres: testInfo.project.name === "postgres", settings });
    await use(guildhall);
    if (testInfo.status !== testInfo.expectedStatus) await testInfo.attach("server.log", { body: guildhall.log });
    await guildhall.stop();
  },

  baseURL: async ({ guildhall }, use) => use(guildhall.url),

  context: async ({ context, guildhall, refusalsExpected }, use) => {
    const watch = new Watch(context, guildhall.url, refusalsExpected);
    await use(context);
    watch.expectCalm();
  },

  newVisitor: async ({ browser, contextOptions, guildhall, refusalsExpected, javaScriptEnabled, viewport }, use) => {
    const opened: { watch: Watch; close: () => Promise<void> }[] = [];
    await use(async () => {
      const context = await browser.newContext({
        ...contextOptions,
        baseURL: guildhall.url,
        javaScriptEnabled: javaScriptEnabled ?? true,
        viewport: viewport ?? null,
      });
      opened.push({ watch: new Watch(context, guildhall.url, refusalsExpected), close: () => context.close() });
      return context.newPage();
    });
    for (const { watch, close } of opened) {
      await close();
      watch.expectCalm();
    }
  },
});
