import { type BrowserContext, expect } from "@playwright/test";

/** What no page may do: complain on the console, throw, ask a question, call another host. */
export class Watch {
  readonly #problems: string[] = [];

  constructor(context: BrowserContext, origin: string, refusalsExpected: boolean) {
    context.on("console", (message) => {
      // Chromium itself writes this line for every answer of 400 and more, also for a form that was refused.
      const refusal = /^Failed to load resource: the server responded with a status of 4\d\d/.test(message.text());
      if (refusal && refusalsExpected) return;
      if (["error", "warning"].includes(message.type())) {
        this.#problems.push(`console ${message.type()}: ${message.text()} (${message.location().url})`);
      }
    });
    context.on("weberror", (error) => this.#problems.push(`uncaught: ${error.error().stack}`));
    context.on("dialog", (dialog) => {
      this.#problems.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    context.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol !== "data:" && url.origin !== origin) this.#problems.push(`request to ${request.url()}`);
    });
  }

  expectCalm(): void {
    expect(this.#problems, "what pages did that they may not").toEqual([]);
  }
}
