import type { TaskStatus } from "../api/types.ts";

interface StatusWords {
  readonly name: string;
  /** What it means, in a sentence. */
  readonly meaning: string;
}

/** In the order in which the page shows them: what needs a person first. */
export const STATUSES: readonly TaskStatus[] = [
  "FAILED",
  "RUNNING",
  "BATCH_RUNNING",
  "PENDING",
  "DISABLED",
  "UNKNOWN",
  "DONE",
];

const WORDS: { readonly [Status in TaskStatus]: StatusWords } = {
  PENDING: { name: "Pending", meaning: "To be run, or waiting for something." },
  RUNNING: { name: "Running", meaning: "A worker runs it." },
  BATCH_RUNNING: { name: "Batch", meaning: "A worker runs it together with others." },
  DONE: { name: "Done", meaning: "Complete." },
  FAILED: { name: "Failed", meaning: "Its last attempt failed." },
  DISABLED: { name: "Disabled", meaning: "It is not run until it is enabled." },
  UNKNOWN: { name: "Unknown", meaning: "Only named as a requirement so far." },
};

/** `null`: a requirement that is not there any more. */
export function statusName(status: TaskStatus | null): string {
  return status === null ? "Gone" : WORDS[status].name;
}

export function statusMeaning(status: TaskStatus): string {
  return WORDS[status].meaning;
}
