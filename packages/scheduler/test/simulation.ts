import assert from "node:assert/strict";
import {
  type Assignment,
  type Command,
  type RegisteredStatus,
  type ReplyTo,
  Scheduler,
  type SchedulerConfig,
  type SchedulerEvent,
  type TaskSpec,
} from "../src/index.ts";
import { checkAttempts, checkState, checkTaken, chooseByScan, stateOf } from "./naive.ts";
import type { Attempt } from "../src/attempt.ts";
import type { State } from "../src/state.ts";
import type { TaskRecord } from "../src/task-record.ts";
import type { WorkerRecord } from "../src/worker-record.ts";
import { Random } from "./random.ts";

const CONFIG: Partial<SchedulerConfig> = {
  retryDelaySeconds: 5,
  maxRetryDelaySeconds: 20,
  disablePersistSeconds: 40,
  disableWindowSeconds: 100,
  removeDelaySeconds: 30,
  doneRetentionSeconds: 200,
  workerTimeoutSeconds: 20,
  doneCooldownSeconds: 1,
  messageTtlSeconds: 15,
  resources: { r1: 2, r2: 3 },
};

const FAMILIES = ["Load", "Report", "Check"];

/** A worker process: what it believes. */
interface Process {
  readonly id: string;
  readonly processes: number;
  running: Assignment[];
}

export interface Step {
  readonly command: Command;
  readonly now: number;
}

/**
 * Many workers, operators and a bad network, all driven by one seed. Workers crash, replies get lost, messages are
 * repeated or come late, the clock jumps forwards and backwards.
 */
export class Simulation {
  readonly scheduler = new Scheduler(CONFIG);
  readonly steps: Step[] = [];
  readonly events: SchedulerEvent[] = [];
  /** Receive the same commands and must give the same replies. */
  readonly followers: Scheduler[] = [];
  private readonly random: Random;
  private readonly tasks: readonly TaskSpec[];
  private readonly workers: Process[] = [];
  /** To whom each token was ever handed out, and for which task. */
  private readonly handedOut = new Map<string, string>();
  /** What workers said lately. */
  private readonly oldMessages: Command[] = [];
  private now = 1_700_000_000_000;
  private born = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
    this.tasks = this.makeGraph(60 + this.random.below(60));
    for (let count = 0; count < 4; count++) this.hire();
  }

  step(): void {
    const { random } = this;
    this.passTime();
    const dice = random.next();
    if (dice < 0.2) this.plan(random.pick(this.workers));
    else if (dice < 0.5) this.ask(random.pick(this.workers));
    else if (dice < 0.8) this.finish(random.pick(this.workers));
    else if (dice < 0.88) this.beat(random.pick(this.workers));
    else if (dice < 0.89) this.crash(random.below(this.workers.length));
    else if (dice < 0.9) this.leave(random.below(this.workers.length));
    else if (dice < 0.92) this.repeatMessage();
    else if (dice < 0.93) this.mixUp();
    else this.operate();
    checkAttempts(stateOf(this.scheduler));
  }

  /** From now on nothing fails: all tasks can be done. Returns those that are not, after some time. */
  settle(): string[] {
    this.replaceDisabled();
    this.send({ type: "setPaused", paused: false });
    for (const { id } of this.workers) this.send({ type: "setWorkerPaused", worker: id, paused: false });
    const taskIds = this.tasks.map(({ taskId }) => taskId);
    this.send({ type: "act", action: "reEnable", taskIds });
    for (const resource of ["r1", "r2", "r3"]) this.send({ type: "setResource", resource, limit: 3 });
    for (let round = 0; round < 400; round++) {
      this.now += 1000;
      for (const worker of this.workers) this.workWell(worker, round % 50 === 0);
    }
    return this.tasks.map(({ taskId }) => taskId).filter((id) => this.scheduler.task(id)?.status !== "DONE");
  }

  /** Workers that an operator disabled get nothing any more: others come in their place. */
  private replaceDisabled(): void {
    const isEnabled = ({ id }: Process) => this.scheduler.worker(id)?.workerState !== "disabled";
    const enabled = this.workers.filter(isEnabled);
    const missing = this.workers.length - enabled.length;
    this.workers.splice(0, this.workers.length, ...enabled);
    for (let count = 0; count < missing; count++) this.hire();
  }

  /** From now on nobody calls any more. Returns how much is left when all time has passed. */
  abandon(): { [kept: string]: number } {
    this.send({ type: "tick" });
    for (let at = this.scheduler.nextDeadline(); at !== null; at = this.scheduler.nextDeadline()) {
      this.scheduler.tick(at);
    }
    const { tasks, workers, attempts, resources, ready, memberships } = stateOf(this.scheduler);
    return {
      tasks: tasks.size,
      workers: workers.size,
      attempts: attempts.size,
      used: resources.used.size,
      classes: ready.classes.size,
      members: memberships.nobody.tasks.length,
      memberships: memberships.size - 1,
    };
  }

  /** Another scheduler goes on from a snapshot of this one, of which nothing must be missing. */
  follow(): void {
    const snapshot = JSON.stringify([...this.scheduler.snapshot()]);
    const follower = Scheduler.restore(JSON.parse(snapshot), CONFIG);
    this.followers.splice(0, this.followers.length, follower);
    this.compareFollowers();
    checkState(follower);
  }

  /** It has come to the same state. */
  stopFollowing(): void {
    this.compareFollowers();
    this.followers.splice(0);
  }

  private compareFollowers(): void {
    const own = [...this.scheduler.snapshot()];
    for (const follower of this.followers) assert.deepEqual([...follower.snapshot()], own);
  }

  /** Everything that came of it. */
  get outcome(): string {
    return toText(this.scheduler, this.events);
  }

  /** What another scheduler makes of the same commands. `ticks` lets time pass between them, too. */
  replay(ticks?: Random): string {
    const scheduler = new Scheduler(CONFIG);
    const events: SchedulerEvent[] = [];
    let latest = 0;
    for (const { command, now } of this.steps) {
      if (ticks?.chance(0.3)) {
        const between = latest + Math.round(ticks.next() * Math.max(0, now - latest));
        events.push(...scheduler.apply({ type: "tick" }, between).events);
      }
      events.push(...scheduler.apply(command, now).events);
      latest = Math.max(latest, now);
    }
    return toText(scheduler, events);
  }

  private makeGraph(count: number): TaskSpec[] {
    const ids = Array.from({ length: count }, (_, index) => `t${index}`);
    return ids.map((taskId, index) => this.makeTask(taskId, ids.slice(Math.max(0, index - 12), index)));
  }

  private makeTask(taskId: string, earlier: readonly string[]): TaskSpec {
    const { random } = this;
    const family = random.pick(FAMILIES);
    const batchable = family === "Load";
    return {
      taskId,
      family,
      params: { day: taskId, region: random.pick(["x", "y"]) },
      deps: random.some(earlier, batchable ? 0.03 : 0.12),
      priority: random.below(4) - 1,
      batchable,
      ...(random.chance(0.5) ? { resources: batchable ? { r2: 1 } : this.needs() } : {}),
      ...(random.chance(0.2) ? { retry: { retryCount: 1 + random.below(3) } } : {}),
    };
  }

  private needs(): { [resource: string]: number } {
    const { random } = this;
    const names = random.some(["r1", "r2", "r3"], 0.5);
    return Object.fromEntries(names.map((name) => [name, random.pick([0.25, 0.5, 1, 1, 2])]));
  }

  private hire(): void {
    const { random } = this;
    const worker = { id: `w${this.born++}`, processes: 1 + random.below(3), running: [] };
    this.workers.push(worker);
    this.send({
      type: "registerWorker",
      worker: worker.id,
      processes: worker.processes,
      assistant: random.chance(0.15),
      ...(random.chance(0.2) ? { families: random.some(FAMILIES, 0.6) } : {}),
    });
    if (random.chance(0.5)) this.addBatcher(worker);
  }

  private addBatcher(worker: Process): void {
    const batchedParams = this.random.chance(0.8) ? ["day"] : ["day", "region"];
    const maxBatchSize = 2 + this.random.below(4);
    this.send({ type: "registerBatcher", worker: worker.id, family: "Load", batchedParams, maxBatchSize });
  }

  private passTime(): void {
    const { random } = this;
    if (random.chance(0.7)) this.now += random.below(1500);
    if (random.chance(0.005)) this.now += random.below(100_000);
    if (random.chance(0.005)) this.now -= random.below(5000);
  }

  private plan(worker: Process): void {
    const { random } = this;
    const from = random.below(this.tasks.length);
    const some = this.tasks.slice(from, from + 1 + random.below(20));
    const tasks = some.map((spec) => ({ ...spec, ...this.finding(), ...this.changeOfMind(spec) }));
    const assistant = random.chance(0.05);
    this.send(this.note({ type: "addTasks", worker: worker.id, tasks, assistant }));
  }

  private finding(): { status?: RegisteredStatus; runnable?: boolean; outputMissing?: boolean } {
    const { random } = this;
    if (random.chance(0.75)) return random.chance(0.05) ? { runnable: false } : {};
    if (random.chance(0.1)) return { outputMissing: true };
    return { status: random.pick(["DONE", "DONE", "DISABLED", "UNKNOWN", "FAILED", "PENDING"] as const) };
  }

  private changeOfMind(spec: TaskSpec): Partial<TaskSpec> {
    const { random } = this;
    if (random.chance(0.9)) return {};
    return {
      deps: random.some(spec.deps ?? [], 0.7),
      priority: random.below(6),
      resources: this.needs(),
      batchable: random.chance(0.5),
    };
  }

  private ask(worker: Process): void {
    const { random } = this;
    const slots = random.below(worker.processes + 2);
    const running = random.chance(0.8) ? { running: worker.running.map(({ token }) => token) } : {};
    const command = this.note({ type: "getWork", worker: worker.id, slots, ...running } as const);
    const earlier = new Set(stateOf(this.scheduler).attempts.keys());
    const suspended = new Map(stateOf(this.scheduler).suspended);
    const reply = this.send(command);
    this.checkHandout(worker, slots, reply);
    this.checkNew(
      worker,
      reply.assignments.filter(({ token }) => !earlier.has(token)),
      suspended,
    );
    if (random.chance(0.08)) return; // The reply is lost.
    const known = new Set(worker.running.map(({ token }) => token));
    worker.running.push(...reply.assignments.filter(({ token }) => !known.has(token)));
  }

  /** Nobody gets more than there is, and nobody is sent away while there is something for him. */
  private checkHandout(worker: Process, slots: number, reply: ReplyTo<"getWork">): void {
    const state = stateOf(this.scheduler);
    for (const { token } of reply.assignments) {
      const attempt = state.attempts.get(token);
      assert.equal(attempt?.worker.id, worker.id);
    }
    const record = state.workers.get(worker.id);
    if (record === undefined || reply.paused || reply.workerState === "disabled") return;
    if (reply.assignments.length < slots) assert.equal(chooseByScan(state, record)?.id, undefined);
  }

  /** What is handed out anew has a token that nobody ever had, and takes what it needs. */
  private checkNew(
    worker: Process,
    assignments: readonly Assignment[],
    suspended: ReadonlyMap<TaskRecord, WorkerRecord>,
  ): void {
    const state = stateOf(this.scheduler);
    for (const { taskId, token } of assignments) {
      assert.equal(this.handedOut.get(token), undefined, token);
      this.handedOut.set(token, `${taskId} ${worker.id}`);
      const attempt = state.attempts.get(token) as Attempt;
      checkTaken(state, attempt);
      checkNotSuspended(state, attempt, suspended);
    }
  }

  private finish(worker: Process): void {
    const assignment = worker.running.at(0);
    if (assignment === undefined) return;
    if (this.random.chance(0.2)) return this.update(worker, assignment);
    worker.running.shift();
    const report = this.note(this.makeReport(worker, assignment));
    if (this.random.chance(0.95)) this.send(report);
  }

  private makeReport(worker: Process, { taskId, token, batch }: Assignment): Command {
    const { random } = this;
    const outcome = random.pick(["DONE", "DONE", "DONE", "FAILED", "PENDING"] as const);
    // Earlier ones than all members of a batch, so that no task ever requires itself.
    const numbers = (batch?.taskIds ?? [taskId]).map((id) => Number(id.slice(1)));
    const newDeps = random.some(this.tasks.slice(0, Math.min(...numbers)), 0.02).map((spec) => spec.taskId);
    const suspended = random.chance(0.5);
    return { type: "report", worker: worker.id, taskId, token, outcome, newDeps, suspended };
  }

  private update(worker: Process, { taskId, token }: Assignment): void {
    const decreaseResources = this.needs();
    this.send(
      this.note({
        type: "updateRun",
        worker: worker.id,
        taskId,
        token,
        statusMessage: "s",
        decreaseResources,
      }),
    );
  }

  private beat(worker: Process): void {
    const running = worker.running.map(({ token }) => token);
    const acknowledge = this.random.below(20);
    const reply = this.send(
      this.note({ type: "heartbeat", worker: worker.id, running, acknowledge } as const),
    );
    const stale = new Set(reply.stale);
    worker.running = worker.running.filter(({ token }) => !stale.has(token));
  }

  private crash(index: number): void {
    const worker = this.workers.at(index) as Process;
    worker.running = [];
    // Or it stops in order.
    if (this.random.chance(0.2)) this.send({ type: "unregisterWorker", worker: worker.id });
    if (this.random.chance(0.5)) return; // It is started again under the same name.
    this.workers.splice(index, 1);
    this.hire();
  }

  /** It may be started again at once under the same name, and what it said before may still come after. */
  private leave(index: number): void {
    const worker = this.workers.at(index) as Process;
    worker.running = [];
    this.send(this.note({ type: "unregisterWorker", worker: worker.id }));
    if (this.random.chance(0.5)) return;
    this.workers.splice(index, 1);
    this.hire();
  }

  /** A message comes twice, or late: nobody hears what is replied to it. */
  private repeatMessage(): void {
    if (this.oldMessages.length > 0) this.send(this.random.pick(this.oldMessages));
  }

  /** A report that has the token of another worker's attempt, or of another task's: it counts for nothing. */
  private mixUp(): void {
    const attempts = [...stateOf(this.scheduler).attempts.values()];
    if (attempts.length === 0) return;
    const { token, worker, tasks, batch } = this.random.pick(attempts);
    const members = batch?.taskIds ?? tasks.map((task) => task.id);
    const wrongTask = this.tasks.find(({ taskId }) => !members.includes(taskId)) as TaskSpec;
    const wrong = this.random.chance(0.5)
      ? { worker: `not ${worker.id}`, taskId: members.at(0) as string }
      : { worker: worker.id, taskId: wrongTask.taskId };
    const { accepted } = this.send({ type: "report", token, outcome: "DONE", ...wrong });
    assert.equal(accepted, false);
  }

  /** Remembers what a worker says, whether or not it arrives. */
  private note<C extends Command>(command: C): C {
    if (this.oldMessages.length > 60) this.oldMessages.splice(0, 30);
    this.oldMessages.push(command);
    return command;
  }

  private operate(): void {
    const { random } = this;
    const taskId = this.pickTroubled();
    const worker = random.pick(this.workers).id;
    const commands: readonly Command[] = [
      { type: "forgive", taskId },
      { type: "forgive", taskId },
      { type: "markDone", taskId },
      { type: "reEnable", taskId },
      this.act(taskId),
      { type: "setWorkerPaused", worker, paused: random.chance(0.3) },
      { type: "setPaused", paused: random.chance(0.3) },
      { type: "setResource", resource: random.pick(["r1", "r2", "r3"]), limit: random.below(5) },
      { type: "setWorkerProcesses", worker, processes: 2 },
      { type: "sendMessage", taskId, content: "c" },
      { type: "respond", taskId, messageId: "m", response: "r" },
      { type: "takeResponse", taskId, messageId: "m" },
      { type: "tick" },
    ];
    if (random.chance(0.02)) this.send({ type: "disableWorker", worker });
    else this.send(random.pick(commands));
  }

  private act(taskId: string): Command {
    const { random } = this;
    const action = random.pick([
      "retry",
      "forgive",
      "reEnable",
      "disable",
      "markDone",
      "cancel",
      "rerun",
    ] as const);
    const command = {
      action,
      taskIds: [taskId, random.pick(this.tasks).taskId],
      withDependents: random.chance(0.5),
    };
    return { type: "act", ...command };
  }

  /** Operators care for tasks that run or failed more than for others. */
  private pickTroubled(): string {
    const ids = Array.from({ length: 5 }, () => this.random.pick(this.tasks).taskId);
    const status = (id: string) => this.scheduler.task(id)?.status ?? "DONE";
    return ids.find((id) => !["PENDING", "DONE", "UNKNOWN"].includes(status(id))) ?? (ids.at(0) as string);
  }

  private workWell(worker: Process, plans: boolean): void {
    if (plans) this.send({ type: "addTasks", worker: worker.id, tasks: this.tasks.map(withEasyNeeds) });
    const running = worker.running.map(({ token }) => token);
    const { assignments } = this.send({
      type: "getWork",
      worker: worker.id,
      slots: worker.processes,
      running,
    });
    for (const { taskId, token } of [...worker.running, ...assignments]) {
      this.send({ type: "report", worker: worker.id, taskId, token, outcome: "DONE" });
    }
    worker.running = [];
  }

  private send<C extends Command>(command: C): ReplyTo<C["type"]> {
    const expected = this.expectedChoice(command);
    this.steps.push({ command, now: this.now });
    const applied = this.scheduler.apply(command, this.now);
    this.events.push(...applied.events);
    if (expected !== undefined) expected(applied.reply as ReplyTo<"getWork">);
    if (command.type === "report") checkReport(applied.reply as ReplyTo<"report">, applied.events);
    for (const follower of this.followers) {
      assert.equal(JSON.stringify(follower.apply(command, this.now)), JSON.stringify(applied));
    }
    return applied.reply;
  }

  /** For a worker that lost nothing: the first that it gets must be the choice of a full scan. */
  private expectedChoice(command: Command): ((reply: ReplyTo<"getWork">) => void) | undefined {
    if (command.type !== "getWork" || command.slots === 0) return undefined;
    this.send({ type: "tick" });
    const state = stateOf(this.scheduler);
    const record = state.workers.get(command.worker);
    if (
      record === undefined ||
      record.disabled ||
      hasLost(record, command.running) ||
      state.paused ||
      record.paused ||
      !record.isAsking(state.now)
    )
      return undefined;
    const choice = chooseByScan(state, record)?.id;
    return ({ assignments }) => assert.equal(assignments[0]?.taskId, choice);
  }
}

/** What was suspended when the worker asked goes to the worker that goes on with it, if that is still there. */
function checkNotSuspended(
  state: State,
  { worker, tasks }: Attempt,
  suspended: ReadonlyMap<TaskRecord, WorkerRecord>,
): void {
  for (const task of tasks) {
    const by = suspended.get(task) ?? worker;
    assert.ok(by === worker || !state.workers.has(by.id), `${task.id} goes on in ${by.id}`);
  }
}

/** What it does not name among its tokens is sent again before anything new. */
function hasLost({ attempts }: WorkerRecord, running?: readonly string[]): boolean {
  return running !== undefined && [...attempts].some(({ token }) => !running.includes(token));
}

/** A report with an old token changes nothing. */
function checkReport({ accepted }: ReplyTo<"report">, events: readonly SchedulerEvent[]): void {
  const ended = events.some((event) => event.type === "task:status" && event.reason === "reported");
  assert.equal(ended, accepted);
}

function toText(scheduler: Scheduler, events: readonly SchedulerEvent[]): string {
  return JSON.stringify([...scheduler.snapshot(), ...events]);
}

function withEasyNeeds(spec: TaskSpec): TaskSpec {
  return { ...spec, resources: { r1: 1 }, outputMissing: false };
}
