import { createInterface } from "node:readline/promises";
import { UsageError } from "@leat/core";

/**
 * Asks the person at the terminal whether something that was just named is to be removed. Anything but yes is no.
 *
 * @throws UsageError `FLAG_INVALID` when stdin is no terminal
 */
export async function isRemovalConfirmed(command: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    const message = `leat ${command} asks before it removes, and stdin is no terminal. Give --yes.`;
    throw new UsageError("FLAG_INVALID", message);
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  // The end of input is an answer too, which question() would wait for in vain.
  const closed = new Promise<string>((resolve) => prompt.once("close", () => resolve("")));
  const answer = await Promise.race([prompt.question("Remove these? [y/N] "), closed]);
  prompt.close();
  return /^y(es)?$/i.test(answer.trim());
}
