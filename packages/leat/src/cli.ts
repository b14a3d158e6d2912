#!/usr/bin/env node
import { UNEXPECTED } from "./exit-codes.ts";
import { main } from "./main.ts";
import { flushed, reserveStdout } from "./output.ts";

/** What a task left open (a connection, a timer) may not keep a finished command alive, but has this long to close well. */
const LINGER_MS = 1000;

let isDone = false;
process.on("exit", (code) => {
  if (isDone || code !== 0) return;
  const reason = "a task called process.exit(), or waits for something that never comes";
  process.stderr.write(`leat: the process ended before the command did: ${reason}.\n`);
  process.exitCode = UNEXPECTED;
});

reserveStdout();
void main(process.argv.slice(2)).then(end);

async function end(exitCode: number): Promise<void> {
  isDone = true;
  process.exitCode = exitCode;
  const failure = await flushed();
  if (failure !== undefined) {
    process.stderr.write(`leat: cannot write to stdout: ${failure.message}\n`);
    process.exitCode = UNEXPECTED;
  }
  setTimeout(() => process.exit(), LINGER_MS).unref();
}
