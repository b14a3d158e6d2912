import { LeatError, type RunContext, TargetError } from "@leat/core";
import { abortable } from "./abortable.ts";
import { type AttemptOrder, attemptOrder } from "./attempt-order.ts";
import type { CommitOutcome, Dialect, LoadSession, Marker } from "./dialect.ts";
import { fencedOff } from "./fenced-off.ts";

/** Work on a database that is done once for each marker. */
export interface MarkedWork {
  readonly taskId: string;
  readonly marker: Marker;
  /** What has to be there before the transaction begins. */
  prepare(session: LoadSession): Promise<void>;
  /** What is done in the transaction. */
  work(session: LoadSession): Promise<void>;
}

/** How long to ask for the outcome of a COMMIT whose reply was lost. */
const OUTCOME_TIMEOUT_MS = 30_000;

/**
 * Does work and writes its marker in one transaction: afterwards both are there or neither. When the marker is there already,
 * does nothing. An attempt of a shared scheduler that another one has replaced rejects with TaskError `TASK_LEASE_LOST`.
 */
export async function runOnce(dialect: Dialect, job: MarkedWork, context: RunContext): Promise<void> {
  const order = attemptOrder(context.token);
  await abortable(context.signal, async () => {
    try {
      const outcome = await attempt(dialect, job, context, order);
      if (outcome === "unknown") await settleOutcome(dialect, job, context.signal, order);
    } catch (error) {
      if (context.signal.aborted || !(await isReplaced(dialect, job, { error, order }))) throw error;
      throw fencedOff(job.taskId, job.marker, error);
    }
  });
}

async function attempt(
  dialect: Dialect,
  job: MarkedWork,
  context: RunContext,
  order: AttemptOrder | undefined,
): Promise<CommitOutcome> {
  const session = await dialect.connect({ signal: context.signal });
  try {
    await session.ensureMarkerTable();
    if (order !== undefined) await raiseFence(session, job, order);
    await job.prepare(session);
    await session.begin();
    // The marker comes first: who loses the race for it has done nothing yet.
    if (await session.claimMarker(job.marker)) {
      await job.work(session);
      const outcome = await session.commit();
      if (outcome === "fencedOff") throw fencedOff(job.taskId, job.marker);
      return outcome;
    }
    await session.rollback();
    const { table, updateId } = job.marker;
    context.log.info(`Nothing to do for ${table}: the marker ${updateId} is there already.`);
    return "committed";
  } catch (error) {
    await session.rollback();
    throw error;
  } finally {
    session.close();
  }
}

async function raiseFence(session: LoadSession, job: MarkedWork, order: AttemptOrder): Promise<void> {
  const { taskId, marker } = job;
  if (!(await session.raiseFence(marker.updateId, order))) throw fencedOff(taskId, marker);
}

/** Whether a failure comes of a newer attempt, which has ended the session of this one. Does not reject. */
async function isReplaced(
  dialect: Dialect,
  { marker }: MarkedWork,
  { error, order }: { readonly error: unknown; readonly order: AttemptOrder | undefined },
): Promise<boolean> {
  if (order === undefined || !LeatError.is(error) || !error.retryable) return false;
  const signal = AbortSignal.timeout(OUTCOME_TIMEOUT_MS);
  // A database that is away says nothing; then the failure speaks for itself.
  const session = await dialect.connect({ signal }).catch(() => undefined);
  const isOff = await session?.isFencedOff(marker.updateId, order).catch(() => false);
  session?.close();
  return isOff ?? false;
}

/**
 * Finds out what became of a COMMIT whose reply was lost. Reading the marker is not enough, as the server may still be at
 * work; claiming it waits for that.
 */
async function settleOutcome(
  dialect: Dialect,
  { taskId, marker }: MarkedWork,
  signal: AbortSignal,
  order: AttemptOrder | undefined,
): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(OUTCOME_TIMEOUT_MS)]);
  const session = await dialect.connect({ signal: deadline });
  try {
    // The marker may then be that of the other attempt.
    const isOff = order !== undefined && (await session.isFencedOff(marker.updateId, order));
    if (isOff) throw fencedOff(taskId, marker);
    await session.begin();
    const isFree = await session.claimMarker(marker);
    await session.rollback();
    if (isFree) throw lostCommit(marker);
  } finally {
    session.close();
  }
}

function lostCommit({ table, updateId }: Marker): TargetError {
  return new TargetError(
    "TARGET_UNAVAILABLE",
    `The connection was lost while the load of ${table} was committed, and the server rolled it back. Run the task again.`,
    { retryable: true, details: { table, updateId } },
  );
}
