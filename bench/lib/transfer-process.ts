import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { TransferOrder, TransferReport } from "./transfer-child.ts";

const CHILD = fileURLToPath(new URL("./transfer-child.ts", import.meta.url));

/** Moves a file in a process of its own, as a program such as curl does: what earlier transfers left in memory plays no part. */
export async function transfer(order: TransferOrder): Promise<TransferReport> {
  const args = ["--conditions=@leat/source", "--import=tsx", CHILD, JSON.stringify(order)];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  return JSON.parse(stdout) as TransferReport;
}
