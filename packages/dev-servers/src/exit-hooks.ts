type Cleanup = () => void;

const cleanups = new Set<Cleanup>();
let listening = false;

/**
 * Runs `cleanup` when Node exits, newest first, unless the returned function has taken it back. It must be
 * synchronous. Node runs no exit hook when a signal ends it: there the kernel has to help, see `wrapCommand`.
 */
export function onExit(cleanup: Cleanup): () => void {
  if (!listening) process.on("exit", runCleanups);
  listening = true;
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
  };
}

function runCleanups(): void {
  for (const cleanup of [...cleanups].toReversed()) {
    try {
      cleanup();
    } catch (error) {
      // The other cleanups have to run, and at exit nobody is left to catch this one.
      process.stderr.write(`${String(error)}\n`);
    }
  }
}
