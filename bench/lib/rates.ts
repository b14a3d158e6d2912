import { secondsOf, type Spread, spreadOf } from "./measure.ts";
import type { TransferOrder } from "./transfer-child.ts";
import { transfer } from "./transfer-process.ts";

/** A transfer with Leat, and the same with a program. */
export interface Transfers {
  readonly what: string;
  readonly leat: TransferOrder;
  readonly reference: {
    readonly name: string;
    readonly run: () => unknown;
    /** The same with a small file, for a program that takes long to start or to log in. */
    readonly runSmall?: () => unknown;
  };
}

/**
 * Times both in turn, each transfer in a process of its own, and prints a line with their rates; it says so when Leat is slower.
 * Leat's time begins when it is connected. A program whose start and log-in take long is compared by what is left of its time
 * without them, and by all of it. The first round is not counted.
 */
export async function compareRates(
  { what, leat, reference }: Transfers,
  { mebibytes, rounds }: { readonly mebibytes: number; readonly rounds: number },
): Promise<void> {
  const rates: Record<"ours" | "theirs" | "whole", number[]> = { ours: [], theirs: [], whole: [] };
  for (let round = 0; round <= rounds; round++) {
    const { seconds } = await transfer(leat);
    const wholeSeconds = await timeOf(reference.run);
    const startSeconds = reference.runSmall === undefined ? 0 : await timeOf(reference.runSmall);
    if (round === 0) continue;
    rates.ours.push(mebibytes / seconds);
    rates.theirs.push(mebibytes / (wholeSeconds - startSeconds));
    rates.whole.push(mebibytes / wholeSeconds);
  }
  const [ours, theirs, whole] = [spreadOf(rates.ours), spreadOf(rates.theirs), spreadOf(rates.whole)];
  const ratio = ours.median / theirs.median;
  const withStart = reference.runSmall === undefined ? "" : `, ${ratioOf(ours, whole)} with its start`;
  const verdict = ratio < 1 ? ": slower" : "";
  console.log(
    `${what}: leat ${shown(ours)}, ${reference.name} ${shown(theirs)}, ratio ${ratioOf(ours, theirs)}${withStart}${verdict}`,
  );

  function timeOf(work: () => unknown): Promise<number> {
    return secondsOf({ name: what, run: async () => void (await work()) });
  }
}

function ratioOf(ours: Spread, theirs: Spread): string {
  return (ours.median / theirs.median).toFixed(2);
}

/** `120 MiB/s (98 to 131)` */
function shown({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(0)} MiB/s (${lowest.toFixed(0)} to ${highest.toFixed(0)})`;
}
