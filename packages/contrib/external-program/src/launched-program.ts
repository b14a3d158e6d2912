import type { Socket } from "node:net";
import type { FromLauncher, OutputName, ProgramEnd } from "./launcher-messages.ts";

/** How long nothing may come after the end of a program until nothing is waited for: what left its group may hold the connection. */
const SILENCE_MS = 1000;

/** A program that runs, or has ended. */
export interface StartedProgram {
  readonly stdout: Socket;
  readonly stderr: Socket;
  /** Resolves when it has ended with all that it started. */
  readonly ended: Promise<ProgramEnd>;
  /** Ends it and all that it started: by SIGTERM, and by SIGKILL after a time. */
  readonly end: (killAfterMs: number) => void;
}

/** Puts together what a launcher tells of a program, and the connections that the program writes into. */
export class LaunchedProgram {
  /** Rejects with the system's error. */
  readonly started: Promise<StartedProgram>;
  readonly ended: Promise<ProgramEnd>;
  readonly #end: StartedProgram["end"];
  readonly #outputs = new Map<OutputName, Socket>();
  #pid: number | undefined;
  #isOver = false;
  #resolveStart!: (program: StartedProgram) => void;
  #rejectStart!: (error: Error) => void;
  #resolveEnd!: (end: ProgramEnd) => void;

  constructor(end: StartedProgram["end"]) {
    this.#end = end;
    this.started = new Promise((resolve, reject) => {
      this.#resolveStart = resolve;
      this.#rejectStart = reject;
    });
    this.ended = new Promise((resolve) => (this.#resolveEnd = resolve));
  }

  take(name: OutputName, socket: Socket): void {
    this.#outputs.set(name, socket);
    // The connection of a program that ended at once may come behind the news of its end.
    if (this.#isOver) closeWhenSilent(socket);
    this.#checkStarted();
  }

  hear(message: FromLauncher): void {
    if (message.type === "ended") return this.#finish(message);
    if (message.type === "notStarted") {
      const { code, message: reason } = message;
      return this.#refuse(Object.assign(new Error(reason), { code }));
    }
    this.#pid = message.pid;
    this.#checkStarted();
  }

  /** The launcher is gone: it ends no program any more. */
  abandon(): void {
    if (this.#pid === undefined) return this.#refuse(new Error("the process that starts programs has ended"));
    killGroup(this.#pid);
    this.#finish({ exitCode: null, signal: "SIGKILL" });
  }

  #checkStarted(): void {
    const [stdout, stderr] = [this.#outputs.get("stdout"), this.#outputs.get("stderr")];
    if (this.#pid === undefined || stdout === undefined || stderr === undefined) return;
    this.#resolveStart({ stdout, stderr, ended: this.ended, end: this.#end });
  }

  #finish({ exitCode, signal }: ProgramEnd): void {
    this.#isOver = true;
    for (const output of this.#outputs.values()) closeWhenSilent(output);
    this.#resolveEnd({ exitCode, signal });
  }

  #refuse(error: Error): void {
    for (const output of this.#outputs.values()) output.destroy();
    this.#rejectStart(error);
    this.#resolveEnd({ exitCode: null, signal: null });
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody is left in it.
  }
}

/** What was written before is read all the same: as long as some of it waits for its reader, the connection stays. */
function closeWhenSilent(output: Socket): void {
  if (output.closed) return;
  let seen = -1;
  const timer = setInterval(() => {
    if (output.readableLength === 0 && output.bytesRead === seen) output.destroy();
    seen = output.bytesRead;
  }, SILENCE_MS);
  output.once("close", () => clearInterval(timer));
}
