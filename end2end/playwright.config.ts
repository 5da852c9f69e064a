import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { defineConfig, devices } from "@playwright/test";

// What is about scripts, or about sizes that a script measures; the database makes no difference to it.
const NEEDS_SCRIPTS = ["**/binary.spec.ts", "**/looks.spec.ts", "**/reference.spec.ts"];

const sandboxed = process.getuid?.() !== 0;

export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  // Each test starts a server of its own, so they may run beside each other.
  workers: 2,
  retries: 0,
  forbidOnly: Boolean(process.env.CI),
  reporter: "list",
  timeout: 120_000,
  expect: { timeout: 10_000 },
  use: {
    ...devices["Desktop Chrome"],
    trace: "retain-on-failure",
    launchOptions: {
      executablePath: chromium(),
      args: [
        // Chromium's sandbox cannot be used by root, as whom containers run.
        ...(sandboxed ? [] : ["--no-sandbox"]),
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-gpu",
      ],
    },
  },
  // The fixture that starts the server looks at the project's name to choose the database.
  projects: [
    { name: "hydrated" },
    { name: "no-javascript", use: { javaScriptEnabled: false }, testIgnore: NEEDS_SCRIPTS },
    // What the database decides is tested on both of them in server/tests; here it is the whole way, and what forms refuse.
    { name: "postgres", testMatch: ["**/walk.spec.ts", "**/bad-inputs.spec.ts"] },
  ],
});

// The browser of the system: one name per distribution, or the path that GUILDHALL_CHROMIUM gives.
function chromium(): string {
  const given = process.env.GUILDHALL_CHROMIUM;
  if (given) return given;

  const folders = (process.env.PATH ?? "").split(delimiter);
  for (const name of ["chromium", "chromium-browser", "google-chrome"]) {
    const found = folders.map((folder) => join(folder, name)).find(isExecutable);
    if (found) return found;
  }
  throw new Error("no Chromium found: run scripts/setup test, or name one in GUILDHALL_CHROMIUM");
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
