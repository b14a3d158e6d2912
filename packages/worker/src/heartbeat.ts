import { Worker as Thread } from "node:worker_threads";
import type { FromHeartbeat, HeartbeatSettings, ToHeartbeat } from "./heartbeat-messages.ts";

/**
 * Tells a shared scheduler that this worker is alive, from a thread of its own: an attempt that computes for a minute without
 * a pause keeps its lease.
 */
export class Heartbeat {
  readonly #thread: Thread;

  /** `fail` is told should the thread itself break. */
  constructor(
    settings: HeartbeatSettings,
    hear: (message: FromHeartbeat) => void,
    fail: (error: Error) => void,
  ) {
    this.#thread = startThread(settings);
    this.#thread.on("message", hear);
    this.#thread.once("error", fail);
  }

  begin(token: string): void {
    this.#tell({ type: "begin", token });
  }

  end(token: string): void {
    this.#tell({ type: "end", token });
  }

  /** The worker has handled its messages up to this one. */
  acknowledge(number: number): void {
    this.#tell({ type: "acknowledge", number });
  }

  async stop(): Promise<void> {
    await this.#thread.terminate();
  }

  #tell(message: ToHeartbeat): void {
    this.#thread.postMessage(message);
  }
}

const inSource = import.meta.url.endsWith(".ts");
const PROGRAM = new URL(inSource ? "./heartbeat-thread.ts" : "./heartbeat-thread.js", import.meta.url);

/** Flags of this process, such as its loaders, are not for the thread. From sources it needs a loader of its own. */
function startThread(workerData: HeartbeatSettings): Thread {
  if (!inSource) return new Thread(PROGRAM, { workerData, execArgv: [] });
  const loader = import.meta.resolve("tsx/esm/api");
  const program = `import(${JSON.stringify(loader)}).then(({ register }) => {
    register();
    return import(${JSON.stringify(PROGRAM.href)});
  });`;
  return new Thread(program, { eval: true, workerData, execArgv: ["--conditions=@leat/source"] });
}
