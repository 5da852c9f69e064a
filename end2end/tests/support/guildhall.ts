import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { constants } from "node:fs";
import { chmod, copyFile, mkdtemp, rm } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable, Writable } from "node:stream";
import { expect } from "@playwright/test";
import { type Database, freshDatabase } from "./database";
import { MailSink } from "./mail";

const BINARY = join(import.meta.dirname, "../../../target/release/guildhall");

export type Settings = Record<string, string>;

/** The release binary, alone in an empty folder, with a mailbox beside it. */
export class Guildhall {
  readonly url: string;
  readonly folder: string;
  readonly mail: MailSink;
  readonly #environment: NodeJS.ProcessEnv;
  readonly #database: Database | undefined;
  #server: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #output = "";
  #log = "";

  private constructor(folder: string, port: number, mail: MailSink, database: Database | undefined, settings: Settings) {
    this.url = `http://127.0.0.1:${port}`;
    this.folder = folder;
    this.mail = mail;
    this.#database = database;
    this.#environment = {
      PATH: process.env.PATH,
      GUILDHALL_LISTEN: `127.0.0.1:${port}`,
      GUILDHALL_PUBLIC_URL: this.url,
      GUILDHALL_DATA_DIR: join(folder, "data"),
      GUILDHALL_MAIL: mail.address,
      GUILDHALL_RATE_LIMITS: "off",
      ...(database && { GUILDHALL_DATABASE_URL: database.url }),
      ...settings,
    };
  }

  static async start(options: { postgres: boolean; settings: Settings }): Promise<Guildhall> {
    const folder = await mkdtemp(join(tmpdir(), "guildhall-end2end-"));
    await copyFile(BINARY, join(folder, "guildhall"), constants.COPYFILE_FICLONE);
    await chmod(join(folder, "guildhall"), 0o755);
    const database = options.postgres ? await freshDatabase() : undefined;
    const guildhall = new Guildhall(folder, await freePort(), await MailSink.start(), database, options.settings);
    await guildhall.#serve();
    return guildhall;
  }

  /** The one-time link that is printed while nobody has set the instance up. */
  get setUpLink(): string {
    const link = /^http\S+\/setup\?code=\S+$/m.exec(this.#output)?.[0];
    if (!link) throw new Error(`no set-up link was printed:\n${this.#output}`);
    return link;
  }

  get log(): string {
    return this.#output + this.#log;
  }

  /** Runs another command on the same data; answers what it prints. */
  async run(command: string[], input = ""): Promise<string> {
    const child = this.#spawn(command);
    let output = "";
    let complaints = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk));
    child.stderr.on("data", (chunk: Buffer) => (complaints += chunk));
    child.stdin.end(input);
    const [code] = await once(child, "close");
    expect(code, `guildhall ${command.join(" ")}\n${complaints}`).toBe(0);
    return output.trim();
  }

  /** Asks it to stop, and expects that it does so in order. */
  async stop(): Promise<void> {
    const server = this.#server!;
    if (server.exitCode === null) server.kill("SIGTERM");
    if (server.exitCode === null) await once(server, "exit");
    await this.mail.stop();
    await this.#database?.drop();
    await rm(this.folder, { recursive: true, force: true });
    expect(server.exitCode, "exit code after SIGTERM").toBe(0);
  }

  async #serve(): Promise<void> {
    const server = this.#spawn(["serve"]);
    server.stdout.on("data", (chunk: Buffer) => (this.#output += chunk));
    server.stderr.on("data", (chunk: Buffer) => (this.#log += chunk));
    this.#server = server;
    const isReady = async () => {
      if (server.exitCode !== null) throw new Error(`guildhall serve ended:\n${this.log}`);
      return fetch(`${this.url}/health/ready`).then((answer) => answer.ok, () => false);
    };
    await expect.poll(isReady, { message: "the server is ready", intervals: [20] }).toBe(true);
  }

  #spawn(command: string[]) {
    return spawn(join(this.folder, "guildhall"), command, {
      cwd: this.folder,
      env: this.#environment,
      stdio: ["pipe", "pipe", "pipe"],
    });
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}
