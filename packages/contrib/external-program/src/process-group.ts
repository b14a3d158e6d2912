import type { ChildProcess } from "node:child_process";

/** Time that a program has to end by itself after SIGTERM, before SIGKILL. */
const GRACE_MS = 5000;

const live = new Set<ChildProcess>();

// Programs are in process groups of their own: nobody else would end them with this process.
process.on("exit", () => {
  for (const child of live) signalGroup(child, "SIGKILL");
});

/** Makes sure that a program ends with this process. */
export function endWithThisProcess(child: ChildProcess): void {
  live.add(child);
  child.once("close", () => live.delete(child));
}

/** Ends a program and all that it started: first asking, then by force. Does nothing once it has ended. */
export function endGroup(child: ChildProcess): void {
  if (!live.has(child)) return;
  signalGroup(child, "SIGTERM");
  const force = setTimeout(() => endByForce(child), GRACE_MS);
  child.once("close", () => clearTimeout(force));
}

function endByForce(child: ChildProcess): void {
  signalGroup(child, "SIGKILL");
  // What left the group may still hold the pipes: nobody waits for its output.
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended, or the system has no process groups.
    child.kill(signal);
  }
}
