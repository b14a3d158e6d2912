// Moves one file between the disk and a store, and prints how long that took and by how much the memory of this process grew.
import { readFileSync, writeFileSync } from "node:fs";
import { LocalTarget } from "@leat/core";
import { openStore, type StoreOrder } from "./transfer-stores.ts";

/** What the parent wants. */
export interface TransferOrder {
  readonly store: StoreOrder;
  readonly direction: "upload" | "download";
  /** On the disk: to be sent, or to be made. */
  readonly file: string;
  /** A smaller file of the disk: it goes to and fro first, so that what is loaded and allocated once is no growth. */
  readonly small: string;
}

export interface TransferReport {
  /** Of the transfer alone: the process has started, and is connected. */
  readonly seconds: number;
  /** By how much the resident memory grew beyond what it was before, at its peak. */
  readonly grownBytes: number;
  /** Of the file in the store. */
  readonly bytes: number;
}

const order = JSON.parse(process.argv[2] as string) as TransferOrder;
const target = openStore(order.store);
const [file, small] = [new LocalTarget(order.file), new LocalTarget(order.small)];
const warmUp = openStore({ ...order.store, path: `${order.store.path}-small` });
await small.copyTo(warmUp);
await warmUp.copyTo(new LocalTarget(`${order.small}-back`));
await warmUp.remove();

const before = residentBytes("VmRSS");
// The kernel forgets the peak so far. https://www.kernel.org/doc/html/latest/filesystems/proc.html
writeFileSync("/proc/self/clear_refs", "5");
const start = performance.now();
if (order.direction === "upload") await file.copyTo(target);
else await target.copyTo(file);
const seconds = (performance.now() - start) / 1000;
const report: TransferReport = {
  seconds,
  grownBytes: residentBytes("VmHWM") - before,
  bytes: await target.size(),
};
process.stdout.write(JSON.stringify(report));

function residentBytes(field: "VmRSS" | "VmHWM"): number {
  const [, kibibytes] = new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(
    readFileSync("/proc/self/status", "utf8"),
  ) as unknown as [string, string];
  return Number(kibibytes) * 1024;
}
