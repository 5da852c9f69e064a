import { readFileSync } from "node:fs";
import { join } from "node:path";

/** Texts that are refused with one code. */
export interface Group {
  code: string;
  values: string[];
  /** 422 unless named. */
  status?: number;
  /** It is not told which field is wrong. */
  whole?: boolean;
}

/** A long text is a piece that is repeated: so many times, or so many times more than the field takes. */
interface Long {
  repeat: string;
  times?: number;
  past_limit?: number;
  prefix?: string;
  suffix?: string;
}

// The server's own tests offer the same to the API.
const FILE = join(import.meta.dirname, "../../../server/tests/bad-inputs.json");
const CORPUS = JSON.parse(readFileSync(FILE, "utf8")) as Record<string, { code: string; values: (string | Long)[] }[]>;

/** What is refused of a kind; `limit` is the most characters that the field takes, where that differs. */
export function corpus(kind: string, limit = 0): Group[] {
  const groups = CORPUS[kind];
  if (!groups) throw new Error(`the corpus has no ${kind}`);
  return groups.map(({ code, values }) => ({ code, values: values.map((value) => text(value, limit)) }));
}

/** The same texts for a field that does not tell what is wrong with them. */
export function always(kind: string, answer: Omit<Group, "values">): Group[] {
  return [{ ...answer, values: corpus(kind).flatMap(({ values }) => values) }];
}

/** An address: the page drops white space around it. */
export function address(): Group[] {
  return stillBad(corpus("email"), (typed) => typed.trim());
}

/** For a field that may be left blank: the page drops white space around what stands there. */
export function optional(kind: string, limit?: number): Group[] {
  return stillBad(corpus(kind, limit), (typed) => typed.trim() || undefined);
}

/** For a field that may be left empty, and is judged as it was typed otherwise. */
export function unlessEmpty(kind: string): Group[] {
  return stillBad(corpus(kind), (typed) => typed || undefined);
}

/** Leaves out what is bad only for what the page drops, and what it takes as not given. */
function stillBad(groups: Group[], reads: (typed: string) => string | undefined): Group[] {
  const texts = groups.flatMap(({ values }) => values);
  const bad = (typed: string) => texts.some((text) => text === reads(typed));
  return groups
    .map(({ code, values }) => ({ code, values: values.filter(bad) }))
    .filter(({ values }) => values.length > 0);
}

function text(value: string | Long, limit: number): string {
  if (typeof value === "string") return value;
  const { repeat, times, past_limit = 0, prefix = "", suffix = "" } = value;
  return prefix + repeat.repeat(times ?? limit + past_limit) + suffix;
}
