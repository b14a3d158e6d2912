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
    /** The same with a small file, for a program that takes long to start: this time is taken off. */
    readonly runSmall?: () => unknown;
  };
}

/**
 * Times both in turn, each transfer in a process of its own, and prints a line with their rates; it says so when Leat is slower.
 * A process of Node takes longer to start than all of these programs: its time begins when it is connected. The first round is not
 * counted.
 */
export async function compareRates(
  { what, leat, reference }: Transfers,
  { mebibytes, rounds }: { readonly mebibytes: number; readonly rounds: number },
): Promise<void> {
  const [ours, theirs]: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    const pair = [
      mebibytes / (await transfer(leat)).seconds,
      mebibytes / (await referenceSeconds()),
    ] as const;
    if (round === 0) continue;
    ours.push(pair[0]);
    theirs.push(pair[1]);
  }
  const [mine, other] = [spreadOf(ours), spreadOf(theirs)];
  const ratio = mine.median / other.median;
  const verdict = ratio < 1 ? ": slower" : "";
  console.log(
    `${what}: leat ${shown(mine)}, ${reference.name} ${shown(other)}, ratio ${ratio.toFixed(2)}${verdict}`,
  );

  async function referenceSeconds(): Promise<number> {
    const { run, runSmall } = reference;
    return (await timeOf(run)) - (runSmall === undefined ? 0 : await timeOf(runSmall));
  }

  function timeOf(work: () => unknown): Promise<number> {
    return secondsOf({ name: what, run: async () => void (await work()) });
  }
}

/** `120 MiB/s (98 to 131)` */
function shown({ median, lowest, highest }: Spread): string {
  return `${median.toFixed(0)} MiB/s (${lowest.toFixed(0)} to ${highest.toFixed(0)})`;
}
