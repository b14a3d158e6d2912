#!/usr/bin/env node
import { expectEnd, watchEnd } from "./ending.ts";
import { UNEXPECTED } from "./exit-codes.ts";
import { main } from "./main.ts";
import { flushed, reserveStdout } from "./output.ts";

/** What a task left open (a connection, a timer) may not keep a finished command alive, but has this long to close well. */
const LINGER_MS = 1000;

watchEnd();
reserveStdout();
void main(process.argv.slice(2)).then(end);

async function end(exitCode: number): Promise<void> {
  expectEnd();
  process.exitCode = exitCode;
  const failure = await flushed();
  if (failure !== undefined) {
    process.stderr.write(`leat: cannot write to stdout: ${failure.message}\n`);
    process.exitCode = UNEXPECTED;
  }
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
