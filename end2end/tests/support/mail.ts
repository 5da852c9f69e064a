import PostalMime from "postal-mime";
import { SMTPServer } from "smtp-server";
import type { AddressInfo } from "node:net";
import { expect } from "@playwright/test";

export interface Letter {
  to: string;
  subject: string;
  text: string;
  html: string;
  /** The addresses in the plain text. */
  links: string[];
}

/** A real SMTP server that keeps what it is given. */
export class MailSink {
  readonly #letters: Letter[] = [];
  readonly #server = new SMTPServer({
    authOptional: true,
    disabledCommands: ["AUTH", "STARTTLS"],
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      stream.on("end", () => {
        const recipients = session.envelope.rcptTo.map((recipient) => recipient.address);
        this.#keep(Buffer.concat(chunks), recipients).then(() => done(), done);
      });
    },
  });

  static async start(): Promise<MailSink> {
    const sink = new MailSink();
    await new Promise<void>((listening) => sink.#server.listen(0, "127.0.0.1", listening));
    return sink;
  }

  get address(): string {
    const { port } = this.#server.server.address() as AddressInfo;
    return `smtp://127.0.0.1:${port}`;
  }

  /** Waits for the next mail to an address, and takes it out. */
  async to(address: string): Promise<Letter> {
    const place = () => this.#letters.findIndex((letter) => letter.to === address);
    await expect.poll(place, { message: `a mail to ${address}`, intervals: [50] }).toBeGreaterThanOrEqual(0);
    return this.#letters.splice(place(), 1)[0]!;
  }

  /** Whom the mails are to that nobody has taken out. */
  get left(): string[] {
    return this.#letters.map(({ to }) => to);
  }

  async stop(): Promise<void> {
    await new Promise<void>((closed) => this.#server.close(() => closed()));
  }

  async #keep(source: Buffer, recipients: string[]): Promise<void> {
    const { subject = "", text = "", html = "" } = await PostalMime.parse(source);
    const links = text.match(/https?:\/\/\S+/g) ?? [];
    this.#letters.push(...recipients.map((to) => ({ to, subject, text, html, links })));
  }
}
