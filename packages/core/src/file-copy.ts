import type { Duplex, Writable } from "node:stream";
import { CommitStream, writeAll } from "./commit-stream.ts";
import { EncodingStream } from "./encoding-stream.ts";
import type { FileTarget, TransferOptions } from "./file-target.ts";
import type { WriteOptions } from "./file-system.ts";
import { type FileTransfer, isTransferHeard, transferFor } from "./file-transfer.ts";
import type { FileWriter } from "./file-writer.ts";

/** A stream into the file of a target that takes bytes as they are stored. */
function storedStream(
  { fileSystem, path }: FileTarget,
  options: TransferOptions | undefined,
  transfer: FileTransfer | undefined,
): CommitStream {
  return new CommitStream(() => fileSystem.openWrite(path, options), options?.signal, transfer);
}

/** A stream into the file of a target that takes its content. */
export function contentStream(
  target: FileTarget,
  options: TransferOptions | undefined,
  transfer: FileTransfer | undefined,
): Writable {
  const file = storedStream(target, options, transfer);
  const [first, ...others]: Duplex[] = target.format.encode();
  return first === undefined ? file : new EncodingStream([first, ...others], file);
}

/** Writes bytes that are there already, as they are stored: without the streams, which cost more than a small file. */
export async function writeWhole(
  target: FileTarget,
  content: Uint8Array,
  options?: WriteOptions,
): Promise<void> {
  const transfer = transferFor({ to: `${target}`, totalBytes: undefined }, undefined);
  try {
    const writer = await target.fileSystem.openWrite(target.path, options);
    await committed(writer, content, transfer);
    transfer?.end("done");
  } catch (error) {
    transfer?.end("failed");
    throw error;
  }
}

async function committed(
  writer: FileWriter,
  content: Uint8Array,
  transfer: FileTransfer | undefined,
): Promise<void> {
  try {
    if (content.byteLength > 0) await writer.write(content);
    transfer?.advance(content.byteLength);
    await writer.commit();
  } catch (error) {
    // What failed first is what the user has to know.
    await writer.abort().catch(() => undefined);
    throw error;
  }
}

/** Copies a file within one store, or between two. */
export async function copyFile(from: FileTarget, to: FileTarget, options?: TransferOptions): Promise<void> {
  const isWithin = isWithinStore(from, to);
  const totalBytes = await bytesToCopy(from, to, isWithin, options);
  const transfer = transferFor({ from: `${from}`, to: `${to}`, totalBytes }, options?.onProgress);
  try {
    if (isWithin) {
      const bytes = await to.fileSystem.copy(from.path, to.path, options);
      transfer?.advance(bytes);
    } else await copyBetween(from, to, options, transfer);
    transfer?.end("done");
  } catch (error) {
    transfer?.end("failed");
    throw error;
  }
}

/** Whether one file system can copy and move for both. */
export function isWithinStore(from: FileTarget, to: FileTarget): boolean {
  return from.fileSystem.sharesFilesWith(to.fileSystem) && from.format.name === to.format.name;
}

async function copyBetween(
  from: FileTarget,
  to: FileTarget,
  options: TransferOptions | undefined,
  transfer: FileTransfer | undefined,
): Promise<void> {
  if (from.format.name !== to.format.name) {
    return writeAll(await from.createReadStream(options), contentStream(to, options, transfer));
  }
  const stored = await from.fileSystem.openRead(from.path, { signal: options?.signal });
  await storedStream(to, options, transfer).copy(stored);
}

/** Known when bytes stay as they are, and looked up only for somebody who wants to know; a copy tells what is missing. */
async function bytesToCopy(
  from: FileTarget,
  to: FileTarget,
  isWithin: boolean,
  options: TransferOptions | undefined,
): Promise<number | undefined> {
  if (!isTransferHeard(options?.onProgress)) return undefined;
  if (!isWithin && from.format.name !== to.format.name) return undefined;
  const stat = await from.fileSystem.stat(from.path, { signal: options?.signal });
  return stat?.kind === "file" ? stat.size : undefined;
}
