import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** A PostgreSQL database for one server. */
export interface Database {
  url: string;
  drop: () => Promise<void>;
}

export async function freshDatabase(): Promise<Database> {
  const cluster = process.env.GUILDHALL_TEST_POSTGRES;
  if (!cluster) throw new Error("GUILDHALL_TEST_POSTGRES is missing: run the tests through scripts/with-postgres");

  const name = `end2end_${randomUUID().replaceAll("-", "")}`;
  const url = new URL(cluster);
  url.pathname = `/${name}`;
  await psql(cluster, `create database ${name}`);
  return { url: url.href, drop: () => psql(cluster, `drop database ${name} with (force)`) };
}

async function psql(address: string, statement: string): Promise<void> {
  await run(client(), ["--no-psqlrc", "--quiet", "--set", "ON_ERROR_STOP=1", "--command", statement, address]);
}

/** The newest that Debian keeps beside the server, or the one of the path. */
function client(): string {
  const folder = "/usr/lib/postgresql";
  const versions = existsSync(folder) ? readdirSync(folder).sort((one, other) => Number(other) - Number(one)) : [];
  return versions.map((version) => join(folder, version, "bin/psql")).find((path) => existsSync(path)) ?? "psql";
}
