import type { TaskAction, TaskStatus } from "../api/types.ts";
import type { IconName } from "../ui/icon.tsx";

export interface ActionWords {
  readonly name: string;
  readonly icon: IconName;
  /** What it does, in a sentence. */
  readonly meaning: string;
  /** Tasks in these states are those it is for; leatd decides in the end. */
  readonly appliesTo: readonly TaskStatus[];
  readonly needsReason?: boolean;
  readonly isGrave?: boolean;
}

export const ACTIONS: { readonly [Action in TaskAction]: ActionWords } = {
  retry: {
    name: "Retry",
    icon: "retry",
    meaning: "It becomes pending now, and its failures are forgotten.",
    appliesTo: ["FAILED", "DISABLED"],
  },
  forgive: {
    name: "Forgive",
    icon: "forgive",
    meaning: "It becomes pending now; its failures still count against it.",
    appliesTo: ["FAILED"],
  },
  reEnable: {
    name: "Re-enable",
    icon: "reEnable",
    meaning: "The disable ends. What the scheduler disabled waits for its retry delay first.",
    appliesTo: ["DISABLED"],
  },
  rerun: {
    name: "Run again",
    icon: "rerun",
    meaning: "It becomes pending and runs once more.",
    appliesTo: ["DONE", "FAILED", "DISABLED"],
  },
  cancel: {
    name: "Cancel",
    icon: "cancel",
    meaning: "Its attempt is over: the worker stops it. It is not tried again by itself.",
    appliesTo: ["RUNNING", "BATCH_RUNNING"],
    isGrave: true,
  },
  markDone: {
    name: "Mark done",
    icon: "markDone",
    meaning: "It counts as complete without being run. What waits for it goes on.",
    appliesTo: ["FAILED", "DISABLED", "PENDING", "RUNNING", "BATCH_RUNNING", "UNKNOWN"],
    needsReason: true,
  },
  disable: {
    name: "Disable",
    icon: "disable",
    meaning: "It is not run, nor what depends on it, until somebody enables it.",
    appliesTo: ["PENDING", "FAILED", "UNKNOWN"],
    isGrave: true,
  },
};

export const ALL_ACTIONS = Object.keys(ACTIONS) as readonly TaskAction[];

/** Actions that make sense for a task in this state, the usual one first. */
export function actionsFor(status: TaskStatus): TaskAction[] {
  return ALL_ACTIONS.filter((action) => ACTIONS[action].appliesTo.includes(status));
}
