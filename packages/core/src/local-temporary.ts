import { rmSync } from "node:fs";
import { rm } from "node:fs/promises";

const kept = new Set<string>();
let isRegistered = false;

/** Takes care of a temporary file or directory: when this process exits, it goes. One that a signal ends leaves it. */
export function keep(temporary: string): void {
  // Not when this module is imported: importing changes nothing in the process.
  if (!isRegistered) process.once("exit", removeAll);
  isRegistered = true;
  kept.add(temporary);
}

/** The temporary path is no longer there: what was there has its name. */
export function release(temporary: string): void {
  kept.delete(temporary);
}

export async function discard(temporary: string): Promise<void> {
  await rm(temporary, { recursive: true, force: true });
  kept.delete(temporary);
}

/** Makes something at a temporary path and gives it its name; a failure leaves nothing. */
export async function making(temporary: string, make: () => Promise<void>): Promise<void> {
  keep(temporary);
  try {
    await make();
    release(temporary);
  } catch (error) {
    await discard(temporary);
    throw error;
  }
}

function removeAll(): void {
  for (const path of kept) rmSync(path, { recursive: true, force: true });
}
