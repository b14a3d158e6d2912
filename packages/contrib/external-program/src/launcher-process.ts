import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { dirname } from "node:path";
import {
  type FromLauncher,
  headerOf,
  type OutputName,
  type ProgramCommand,
  type ProgramEnd,
  type StartMessage,
  type ToLauncher,
} from "./launcher-messages.ts";
import { ProcessGroup } from "./process-group.ts";

// The program of the process that starts programs for another one. What they write goes there without passing through here.

/** For what a program left running, and for programs whose worker is gone. */
const KILL_AFTER_MS = 5000;

const [, , socketPath = ""] = process.argv;
const groups = new Map<number, Promise<ProcessGroup | undefined>>();
let environment: NodeJS.ProcessEnv = {};

process.on("message", (message: ToLauncher) => {
  if (message.type === "start") groups.set(message.id, start(message.id, commandOf(message)));
  else void end(message.id, message.killAfterMs);
});

// Whatever became of the process that programs are started for, they end with it.
process.once("disconnect", () => void endAll());
// It may be gone before this program was loaded.
if (!process.connected) void endAll();

function commandOf({ environment: given, ...command }: StartMessage): ProgramCommand {
  if (given !== undefined) environment = JSON.parse(given) as NodeJS.ProcessEnv;
  return { ...command, environment };
}

async function endAll(): Promise<void> {
  await Promise.all([...groups.keys()].map((id) => end(id, KILL_AFTER_MS)));
  rmSync(dirname(socketPath), { recursive: true, force: true });
  process.exit();
}

async function end(id: number, killAfterMs: number): Promise<void> {
  const group = await groups.get(id);
  await group?.end(killAfterMs);
}

/** Resolves to `undefined` when there is nothing that could be ended. */
async function start(id: number, command: ProgramCommand): Promise<ProcessGroup | undefined> {
  try {
    const child = await spawned(command, await Promise.all([opened(id, "stdout"), opened(id, "stderr")]));
    const group = new ProcessGroup(child.pid as number);
    child.once("exit", (exitCode, signal) => void settle(id, group, { exitCode, signal }));
    tell({ type: "started", id, pid: child.pid as number });
    return group;
  } catch (error) {
    const { code = "", message } = error as NodeJS.ErrnoException;
    groups.delete(id);
    tell({ type: "notStarted", id, code, message });
    return undefined;
  }
}

/** A connection that the program writes into as its own. */
async function opened(id: number, name: OutputName): Promise<Socket> {
  const socket = connect(socketPath);
  await once(socket, "connect");
  await new Promise<void>((resolve) => socket.write(headerOf(id, name), () => resolve()));
  return socket;
}

async function spawned(
  { program, args, environment, workingDirectory }: ProgramCommand,
  outputs: readonly [Socket, Socket],
): Promise<ChildProcess> {
  try {
    const child = spawn(program, args, {
      env: environment,
      cwd: workingDirectory,
      stdio: ["ignore", ...outputs],
      // A process group of its own, so that what the program starts can be ended with it.
      detached: true,
    });
    await once(child, "spawn");
    return child;
  } finally {
    // The program has them now: they end when it does.
    for (const output of outputs) output.destroy();
  }
}

/** A program is over when nothing is left of what it started. */
async function settle(id: number, group: ProcessGroup, ended: ProgramEnd): Promise<void> {
  await group.end(KILL_AFTER_MS);
  groups.delete(id);
  tell({ type: "ended", id, ...ended });
}

function tell(message: FromLauncher): void {
  // A failure means that nobody listens any more, of which "disconnect" tells.
  process.send?.(message, () => undefined);
}
