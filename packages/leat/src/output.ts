const write = process.stdout.write.bind(process.stdout);
let failure: NodeJS.ErrnoException | undefined;

/**
 * Keeps stdout for what a command says: what modules and tasks print goes to stderr. A reader of either that went away ends
 * nothing: the run goes on.
 */
export function reserveStdout(): void {
  process.stdout.write = ((...args: Parameters<typeof process.stderr.write>) =>
    process.stderr.write(...args)) as typeof process.stdout.write;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") failure = error;
  });
  process.stderr.on("error", () => undefined);
}

/** Writes to stdout. */
export function print(text: string): void {
  write(text);
}

/** Resolves when all that was printed is written, or cannot be: to why not, but for a reader that went away. */
export async function flushed(): Promise<Error | undefined> {
  await new Promise<void>((resolve) => write("", () => resolve()));
  // Streams tell of an error after the callback.
  await new Promise((resolve) => setImmediate(resolve));
  return failure;
}
