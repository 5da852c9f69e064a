import { test } from "@playwright/test";

/** Whether pages of this project take over in the browser. */
export function runsScripts(): boolean {
  return test.info().project.use.javaScriptEnabled !== false;
}
