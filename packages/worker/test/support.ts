import { EventBus, type Logger, p, type RunEventName, type RunEvents, Task } from "@leat/core";
import { expect } from "vitest";
import { plan, type Plan } from "../src/plan.ts";
import type { AttemptObserver } from "../src/runner.ts";

/** Requirements by name: `{ a: ["b", "c"] }` says that `a` requires `b` and `c`. */
type Edges = Readonly<Record<string, readonly string[]>>;

/** Tasks of a given shape that tell what was done with them. `done` are complete from the beginning. */
export function graphOf(edges: Edges, done: readonly string[] = []) {
  const complete = new Set(done);
  const checked: string[] = [];
  const asked: string[] = [];
  const ran: string[] = [];
  class Node extends Task.with({ name: p.string() }) {
    override requires(): Node[] {
      asked.push(this.name);
      return (edges[this.name] ?? []).map((name) => new Node({ name }));
    }
    override output(): undefined {
      return undefined;
    }
    override async complete(): Promise<boolean> {
      checked.push(this.name);
      return complete.has(this.name);
    }
    override run(): void {
      ran.push(this.name);
      complete.add(this.name);
    }
  }
  const node = (name: string) => new Node({ name });
  return { Node, node, checked, asked, ran };
}

/** A logger that keeps its lines. */
export function recordLog(): Logger & { readonly lines: string[] } {
  const lines: string[] = [];
  const at = (level: string) => (message: string) => void lines.push(`${level} ${message}`);
  return { lines, debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}

/** Plans without a word, 8 checks at a time. */
export function planOf(tasks: readonly Task[], options: Partial<Parameters<typeof plan>[1]> = {}) {
  const log = recordLog();
  return plan(tasks, { log, events: new EventBus(log), concurrency: 8, ...options });
}

/** `name: state` of each task of a graph made by `graphOf`, in the order of the plan. */
export function statesOf({ tasks }: Plan): string[] {
  return Array.from(tasks.values(), ({ task, state }) => `${nodeName(task)}: ${state}`);
}

export function nodeName(task: Task): string {
  return (task as unknown as { readonly name: string }).name;
}

/** Writes down the events of these names, each by `show`. */
export function recordEvents<N extends RunEventName>(
  events: EventBus,
  names: readonly N[],
  show: (name: N, event: RunEvents[N]) => string,
): string[] {
  const seen: string[] = [];
  for (const name of names) events.on(name, (event) => void seen.push(show(name, event)));
  return seen;
}

/** Matches a `LeatError` with this code and a message that has these parts in this order. */
export function leatError(code: string, ...parts: readonly string[]): unknown {
  const message = new RegExp(parts.map(escapeRegExp).join(".*"), "s");
  return expect.objectContaining({ code, message: expect.stringMatching(message) as string });
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}

/** A promise and what settles it. */
export function deferred<T = void>() {
  let resolve!: (value: T) => void;
  let reject!: (error: unknown) => void;
  const promise = new Promise<T>((...settle) => ([resolve, reject] = settle));
  return { promise, resolve, reject };
}

/** Resolves when a condition holds; a test that waits in vain runs into its time limit. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** An observer that hears nothing but what is given. */
export function observerWith(heard: Partial<AttemptObserver>): AttemptObserver {
  return {
    log: recordLog(),
    progress: () => undefined,
    status: () => undefined,
    trackingUrl: () => undefined,
    emit: () => undefined,
    releaseResources: () => undefined,
    need: () => Promise.resolve("1-1"),
    respond: () => undefined,
    ...heard,
  };
}
