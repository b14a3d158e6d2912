import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { LaunchedProgram, type StartedProgram } from "./launched-program.ts";
import {
  type FromLauncher,
  HEADER_LENGTH,
  headerOf,
  type ProgramCommand,
  type ToLauncher,
} from "./launcher-messages.ts";

/**
 * A small process that starts programs for this one. To start a program the system copies what the process knows of its memory,
 * which takes 40 to 160 ms for one of 500 MB, and stands still as long. The launcher has little. It also sees when this process
 * is gone, however that ended, and ends what it started.
 */
export class Launcher {
  readonly #directory: string;
  readonly #server: Server;
  readonly #process: ChildProcess;
  readonly #programs = new Map<number, LaunchedProgram>();
  /** Who waits for a connection, by its header. */
  readonly #awaited = new Map<string, (socket: Socket) => void>();
  #lastId = 0;
  /** The last one that it was told, as JSON. */
  #environment = "";

  /** `onGone` is told when it cannot start programs any more. */
  constructor(onGone: () => void) {
    this.#directory = mkdtempSync(join(tmpdir(), "leat-programs-"));
    const socketPath = join(this.#directory, "outputs");
    this.#server = createServer((socket) => readHeader(socket, (header) => this.#connect(header, socket)));
    // Neither of the two keeps this process from ending, unless a program runs.
    this.#server.listen(socketPath).unref();
    this.#process = startProcess(socketPath);
    this.#process.channel?.unref();
    this.#process.on("message", (message: FromLauncher) => this.#programs.get(message.id)?.hear(message));
    const end = () => {
      onGone();
      this.#close();
    };
    this.#process.once("disconnect", end);
    // It could not be started.
    this.#process.on("error", end);
  }

  /** Rejects with the system's error when the program cannot be started. */
  start(command: ProgramCommand): Promise<StartedProgram> {
    const id = ++this.#lastId;
    const program = new LaunchedProgram((killAfterMs) => this.#tell({ type: "end", id, killAfterMs }));
    this.#programs.set(id, program);
    for (const name of ["stdout", "stderr"] as const)
      this.#awaited.set(headerOf(id, name), (socket) => program.take(name, socket));
    this.#process.channel?.ref();
    this.#tell(this.#startOf(id, command));
    void Promise.allSettled([program.started, program.ended]).then(() => this.#forget(id));
    return program.started;
  }

  #startOf(id: number, { environment, ...command }: ProgramCommand): ToLauncher {
    const text = JSON.stringify(environment);
    const isSame = text === this.#environment;
    this.#environment = text;
    return { type: "start", id, ...command, ...(isSame ? {} : { environment: text }) };
  }

  #tell(message: ToLauncher): void {
    // A failure means that it is gone, of which "disconnect" tells.
    this.#process.send(message, () => undefined);
  }

  #connect(header: string, socket: Socket): void {
    const take = this.#awaited.get(header);
    this.#awaited.delete(header);
    if (take === undefined) socket.destroy();
    else take(socket);
  }

  #forget(id: number): void {
    this.#programs.delete(id);
    for (const name of ["stdout", "stderr"] as const) this.#awaited.delete(headerOf(id, name));
    if (this.#programs.size === 0) this.#process.channel?.unref();
  }

  #close(): void {
    for (const program of this.#programs.values()) program.abandon();
    this.#server.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

let current: Launcher | undefined;

/** The launcher of this process, which the first program starts. */
export function launcher(): Launcher {
  current ??= new Launcher(() => (current = undefined));
  return current;
}

function readHeader(socket: Socket, onHeader: (header: string) => void): void {
  const read = () => {
    const header = socket.read(HEADER_LENGTH) as Buffer | null;
    if (header === null) return;
    socket.off("readable", read);
    onHeader(header.toString("latin1"));
  };
  socket.on("readable", read);
  // Whoever reads on hears of errors too.
  socket.on("error", () => undefined);
}

const inSource = import.meta.url.endsWith(".ts");
const PROGRAM = new URL(inSource ? "./launcher-process.ts" : "./launcher-process.js", import.meta.url);

function startProcess(socketPath: string): ChildProcess {
  const child = fork(PROGRAM, [socketPath], {
    // Flags of this process, such as its loaders, are not for the launcher. From sources it needs a loader of its own.
    execArgv: inSource ? ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href] : [],
    // A group of its own: the interrupt key of a terminal reaches this process alone, which decides what becomes of programs.
    detached: true,
    stdio: ["ignore", 2, 2, "ipc"],
    env: environment(),
  });
  child.unref();
  return child;
}

function environment(): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _, ...rest } = process.env;
  return rest;
}
