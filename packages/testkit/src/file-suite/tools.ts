import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { LeatError } from "@leat/core";
import type { ExtraFileStoreClient, FileStoreClient, FileWorkspace } from "../file-workspace.ts";

export const MIB = 1024 * 1024;

/** Longer than any store needs to answer: what takes longer hangs. */
const HANG_MS = 60_000;

/** Bytes that look random and are always the same, so that no two parts of a file are alike. */
export function pattern(length: number, seed = 1): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4));
  let state = seed;
  for (let index = 0; index < words.length; index++) {
    // One step of xorshift32.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[index] = state;
  }
  return Buffer.from(words.buffer, 0, length);
}

export function hashOf(content: Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

/** Waits for a rejection with one of the codes; gives the error. */
export async function rejectsWith(promise: Promise<unknown>, ...codes: string[]): Promise<LeatError> {
  const error = await rejectionOf(promise);
  assert.ok(
    LeatError.is(error),
    `expected an error of Leat with ${codes.join(" or ")}, not ${String(error)}`,
  );
  assert.ok(
    codes.includes(error.code),
    `expected ${codes.join(" or ")}, not ${error.code}: ${error.message}`,
  );
  return error;
}

/** Waits for a rejection; gives what it was rejected with. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => ({ error }),
  );
  assert.ok(outcome, "expected a rejection, but it resolved");
  return outcome.error;
}

/** Uses a client and disposes of it. */
export async function withClient<C extends ExtraFileStoreClient>(
  opened: Promise<C>,
  use: (client: C) => Promise<void>,
): Promise<void> {
  const client = await opened;
  try {
    await use(client);
  } finally {
    await client.dispose();
  }
}

/** The promise, or a failure when it neither resolves nor rejects. */
export async function notHanging<T>(promise: Promise<T>): Promise<T> {
  const { promise: hangs, stop } = alarm();
  try {
    return await Promise.race([promise, hangs]);
  } finally {
    stop();
  }
}

/** Waits until something holds that another process does in its own time, and fails when it never does. */
export async function eventually(holds: () => boolean, failure: string): Promise<void> {
  for (const end = Date.now() + HANG_MS; !holds(); ) {
    assert.ok(Date.now() < end, failure);
    await setTimeout(2);
  }
}

function alarm(): { promise: Promise<never>; stop: () => void } {
  let timer: NodeJS.Timeout | undefined;
  const promise = new Promise<never>((_resolve, reject) => {
    timer = globalThis.setTimeout(() => reject(new Error(`nothing happened for ${HANG_MS} ms`)), HANG_MS);
  });
  return { promise, stop: () => clearTimeout(timer) };
}

/** Writes a small file at each of the paths, several at a time. */
export async function writeFiles(client: FileStoreClient, paths: Iterable<string>): Promise<void> {
  await eachOf(paths, (path) => client.target(path).writeText(path));
}

/** Does something for each of many, eight at a time. */
export async function eachOf<T>(items: Iterable<T>, work: (item: T) => Promise<void>): Promise<void> {
  const pending = [...items].toReversed();
  const drain = async (): Promise<void> => {
    for (let item = pending.pop(); item !== undefined; item = pending.pop()) await work(item);
  };
  await Promise.all(Array.from({ length: 8 }, drain));
}

/** What a listing gives, sorted. */
export async function listed(
  client: FileStoreClient,
  path: string,
  options?: { readonly recursive?: boolean },
): Promise<string[]> {
  const found: string[] = [];
  for await (const entry of client.fileSystem.list(pathOf(client, path), options)) found.push(entry);
  return found.sort();
}

/** The full path of what a test calls by a short one. */
export function pathOf(client: FileStoreClient, path: string): string {
  return client.target(path).path;
}

/** The full paths, sorted. */
export function pathsOf(client: FileStoreClient, ...paths: string[]): string[] {
  return paths.map((path) => pathOf(client, path)).sort();
}

/** Nothing was published at the path and nothing is left of the attempt. */
export async function assertNoTrace(workspace: FileWorkspace, path: string): Promise<void> {
  assert.equal(await workspace.target(path).exists(), false, `${path} exists`);
  await assertNoLeftovers(workspace);
}

export async function assertNoLeftovers(workspace: FileWorkspace): Promise<void> {
  assert.deepEqual(await workspace.leftovers(), []);
}
