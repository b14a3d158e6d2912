import type { ServerProcess } from "./server-process.ts";

/** What can be done to a running server. */
export interface ServerLifecycle {
  /** Ends the server in good order, and removes its temporary directory. */
  stop(): Promise<void>;
  /** Ends the server with SIGKILL, as a crash does. `restart()` brings it back. */
  kill(): Promise<void>;
  /** Stops the server if it runs, and starts it on the same port and data. */
  restart(): Promise<void>;
}

/** The lifecycle of a server that runs as `first`; `launch` starts it again, `dispose` removes what it leaves. */
export function lifecycleOf(
  first: ServerProcess,
  launch: () => Promise<ServerProcess>,
  dispose: () => void = () => {},
): ServerLifecycle {
  let running = first;
  return {
    async stop() {
      await running.stop();
      dispose();
    },
    kill: () => running.kill(),
    async restart() {
      await running.stop();
      running = await launch();
    },
  };
}
