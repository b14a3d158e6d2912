/** Waits for a promise until the signal is aborted; what comes after that goes to `discard`. */
export async function untilAborted<T>(
  signal: AbortSignal | undefined,
  promise: Promise<T>,
  discard: (late: T) => void = () => undefined,
): Promise<T> {
  if (signal === undefined) return promise;
  let stop!: () => void;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => {
      promise.then(discard, () => undefined);
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", stop);
  });
  if (signal.aborted) stop();
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Waits for a promise for so long at most; then it rejects with what `late` gives. */
export async function within<T>(milliseconds: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const passed = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(late()), milliseconds);
  });
  try {
    return await Promise.race([promise, passed]);
  } finally {
    clearTimeout(timer);
  }
}
