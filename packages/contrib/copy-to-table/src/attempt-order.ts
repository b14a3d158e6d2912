/** Where an attempt stands among those of shared schedulers: the newer one has the greater epoch, then the greater number. */
export interface AttemptOrder {
  /** When the state of its scheduler began, in milliseconds since 1970. */
  readonly epoch: number;
  /** Counts the attempts of the epoch. */
  readonly number: number;
}

/** The epoch in base 36 and the number. Both are whole numbers that JavaScript and `bigint` columns hold exactly. */
const TOKEN = /^([0-9a-z]{1,10})-([0-9]{1,15})$/;

/** The epoch of a scheduler that serves one process alone: each process has one, so attempts have no order among processes. */
const UNSHARED_EPOCH = "1";

/** Reads the token of an attempt. `undefined` for one of a run of its own, without a shared scheduler. */
export function attemptOrder(token: string): AttemptOrder | undefined {
  const [, epoch, number] = TOKEN.exec(token) ?? [];
  if (epoch === undefined || epoch === UNSHARED_EPOCH) return undefined;
  return { epoch: Number.parseInt(epoch, 36), number: Number(number) };
}
