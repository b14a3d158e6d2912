import type { TaskStatus } from "../api/types.ts";
import { statusName } from "../words/statuses.ts";

/**
 * What a state looks like, on a field of 16 by 16: each has a shape of its own, so that nobody has to tell colours
 * apart.
 */
const SHAPES: {
  readonly [Status in TaskStatus | "GONE"]: { readonly fill?: string; readonly stroke?: string };
} = {
  PENDING: { stroke: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM8 5v3.2l2 1.3" },
  RUNNING: { fill: "M4.5 2.6v10.8a.6.6 0 0 0 .9.5l8.6-5.4a.6.6 0 0 0 0-1L5.4 2.1a.6.6 0 0 0-.9.5z" },
  BATCH_RUNNING: { fill: "M2 3.2v9.6l6-4.8zM8 3.2v9.6l6-4.8z" },
  DONE: { stroke: "M3 8.6l3.4 3.4L13 4.6" },
  FAILED: {
    fill: "M5.2 1.5h5.6l3.7 3.7v5.6l-3.7 3.7H5.2l-3.7-3.7V5.2zM7.2 4v5h1.6V4zM7.2 10.3v1.7h1.6v-1.7z",
  },
  DISABLED: { stroke: "M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2zM3.8 3.8l8.4 8.4" },
  UNKNOWN: { stroke: "M5.6 6a2.4 2.4 0 1 1 3.6 2c-.8.5-1.2.9-1.2 1.8M8 12.4v.4" },
  GONE: { stroke: "M3.5 8h9" },
};

/** Drawn inside other drawings. */
export function StateShape({ status }: { readonly status: TaskStatus | null }) {
  const { fill, stroke } = SHAPES[status ?? "GONE"];
  return fill === undefined ? (
    <path
      d={stroke}
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
    />
  ) : (
    <path d={fill} fill="currentColor" fill-rule="evenodd" />
  );
}

export function StateIcon({ status }: { readonly status: TaskStatus | null }) {
  return (
    <svg class={`icon ${stateClass(status)}`} viewBox="0 0 16 16" aria-hidden="true">
      <StateShape status={status} />
    </svg>
  );
}

/** Icon and word. */
export function State({ status }: { readonly status: TaskStatus | null }) {
  return (
    <span class={`state ${stateClass(status)}`}>
      <StateIcon status={status} />
      {statusName(status)}
    </span>
  );
}

export function stateClass(status: TaskStatus | null): string {
  return `is-${(status ?? "gone").toLowerCase().replace("_", "-")}`;
}
