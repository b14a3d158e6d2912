/**
 * Cost of the state machine per task.
 *
 *     node --import tsx packages/scheduler/bench/state-machine.ts
 */
import { Scheduler, type TaskSpec } from "../src/index.ts";

const WORKER = "bench";
let now = 1_700_000_000_000;

function independent(count: number): TaskSpec[] {
  return Array.from({ length: count }, (_, index) => spec(`task-${index}`));
}

function chain(count: number): TaskSpec[] {
  return Array.from({ length: count }, (_, index) =>
    spec(`task-${index}`, index + 1 < count ? [`task-${index + 1}`] : []),
  );
}

function spec(taskId: string, deps: string[] = []): TaskSpec {
  return { taskId, family: "Load", module: "jobs.load", params: { date: "2026-11-20" }, deps };
}

/** Runs `work` and returns its duration in microseconds. */
function micros(work: () => void): number {
  const start = performance.now();
  work();
  return (performance.now() - start) * 1000;
}

/** Takes and reports until nothing is left. Returns the number of tasks run. */
function drain(scheduler: Scheduler, slots: number): number {
  for (let count = 0; ; ) {
    const { assignments } = scheduler.getWork({ worker: WORKER, slots }, now++);
    if (assignments.length === 0) return count;
    for (const { taskId, token } of assignments) {
      scheduler.report({ worker: WORKER, taskId, token, outcome: "DONE" }, now++);
    }
    count += assignments.length;
  }
}

/** The middle of the results of several rounds. */
function median(rounds: number, measure: () => number): number {
  const results = Array.from({ length: rounds }, measure).sort((a, b) => a - b);
  return results.at(Math.floor(rounds / 2)) ?? NaN;
}

function addTakeDone(label: string, tasks: TaskSpec[], rounds: number): void {
  let done = 0;
  const perTask = (work: () => void) => micros(work) / tasks.length;
  const add = median(rounds, () => perTask(() => new Scheduler().addTasks({ worker: WORKER, tasks }, now++)));
  const takeAndDone = median(rounds, () => {
    const scheduler = new Scheduler();
    scheduler.addTasks({ worker: WORKER, tasks }, now++);
    return perTask(() => {
      done = drain(scheduler, 8);
    });
  });
  if (done !== tasks.length) throw new Error(`${done} tasks were run`);
  console.log(`${label.padEnd(28)} add ${add.toFixed(2)} µs   take and done ${takeAndDone.toFixed(2)} µs`);
}

/** Mean time of one getWork and report among `done` finished and `blocked` waiting tasks. */
function getWorkAmong(label: string, done: number, blocked: number): void {
  const finished = independent(done).map((task) => ({ ...task, status: "DONE" as const }));
  const waiting = Array.from({ length: blocked }, (_, index) => spec(`blocked-${index}`, ["missing"]));
  const ready = Array.from({ length: 5000 }, (_, index) => spec(`ready-${index}`));
  const time = median(5, () => {
    const scheduler = new Scheduler();
    scheduler.addTasks({ worker: WORKER, tasks: [...finished, ...waiting, ...ready] }, now++);
    return micros(() => drain(scheduler, 1)) / ready.length;
  });
  console.log(`${label.padEnd(28)} getWork and report ${time.toFixed(2)} µs`);
}

addTakeDone("warm-up", independent(20_000), 5);
addTakeDone("1,000 independent", independent(1000), 21);
addTakeDone("10,000 independent", independent(10_000), 11);
addTakeDone("100,000 independent", independent(100_000), 5);
addTakeDone("1,000,000 independent", independent(1_000_000), 1);
addTakeDone("chain of 100,000", chain(100_000), 5);
addTakeDone("chain of 100,000, reversed", chain(100_000).toReversed(), 5);
getWorkAmong("1k done, 1k blocked", 1000, 1000);
getWorkAmong("100k done, 100k blocked", 100_000, 100_000);
