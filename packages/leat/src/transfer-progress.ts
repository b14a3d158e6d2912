import { basename } from "node:path/posix";
import type { RunEvents } from "@leat/core";
import { withoutControls } from "@leat/worker";

type TransferEvent = RunEvents["transfer:progress"];

interface Transfer {
  readonly startedAt: number;
  latest: TransferEvent["progress"];
}

/** The files that are being written. */
export class Transfers {
  readonly #running = new Map<string, Transfer>();

  note({ process, progress }: TransferEvent): void {
    const key = `${process}-${progress.id}`;
    const known = this.#running.get(key);
    if (progress.state !== "running") this.#running.delete(key);
    else if (known === undefined) this.#running.set(key, { startedAt: performance.now(), latest: progress });
    else known.latest = progress;
  }

  /** `plays.tsv 12.5 MB of 40.0 MB, 8.1 MB/s and 2 more`: of several the first; empty when there are none. */
  toString(): string {
    const [first] = this.#running.values();
    if (first === undefined) return "";
    const others = this.#running.size - 1;
    return describe(first) + (others > 0 ? ` and ${others} more` : "");
  }
}

function describe({ startedAt, latest: { to, bytes, totalBytes } }: Transfer): string {
  const seconds = (performance.now() - startedAt) / 1000;
  const total = totalBytes === undefined ? "" : ` of ${sizeText(totalBytes)}`;
  const rate = seconds > 0 ? `, ${sizeText(bytes / seconds)}/s` : "";
  return `${withoutControls(basename(to))} ${sizeText(bytes)}${total}${rate}`;
}

const UNITS = ["kB", "MB", "GB", "TB"];

/** `999 B`, `12.5 MB`: in powers of 1000, as disks and networks are sold. */
export function sizeText(bytes: number): string {
  let text = `${Math.round(bytes)} B`;
  let size = bytes;
  for (const unit of UNITS) {
    if (size < 999.5) break;
    size /= 1000;
    text = `${size.toFixed(1)} ${unit}`;
  }
  return text;
}
