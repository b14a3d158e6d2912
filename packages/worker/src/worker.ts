import { once } from "node:events";
import type { Task } from "@leat/core";
import { messageOf, TaskError } from "@leat/core";
import type { Assignment } from "@leat/scheduler";
import { Announcements } from "./announcements.ts";
import { Attempt } from "./attempt.ts";
import { AttemptStarter } from "./attempt-starter.ts";
import { Breather } from "./breather.ts";
import { systemClock } from "./clock.ts";
import { failureOf } from "./errors.ts";
import { ExternalLooks } from "./external-looks.ts";
import { NeedDesk } from "./need-desk.ts";
import { Obstacles } from "./obstacles.ts";
import { Outcomes } from "./outcomes.ts";
import { Registrar } from "./registrar.ts";
import { Reports, type Settled } from "./reports.ts";
import { verificationBy } from "./requirement-checks.ts";
import type { RunGraph } from "./run-graph.ts";
import { Suspensions } from "./suspensions.ts";
import { nameOf } from "./task-name.ts";
import type { WorkerOptions } from "./worker-options.ts";

/** What a look for work came to. */
interface Taken {
  readonly begun: number;
  /** When a task is to be tried again; `null` when none is. */
  readonly nextReadyAt: number | null;
}

const NOTHING_TAKEN: Taken = { begun: 0, nextReadyAt: null };

/** Registers a graph with a scheduler and runs what the scheduler assigns, until nothing of it can run any more. */
export class Worker {
  readonly #graph: RunGraph;
  readonly #options: WorkerOptions;
  readonly #outcomes: Outcomes;
  readonly #announce: Announcements;
  readonly #desk: NeedDesk;
  readonly #suspensions: Suspensions;
  readonly #starter: AttemptStarter;
  readonly #reports: Reports;
  readonly #looks: ExternalLooks;
  readonly #registrar: Registrar;
  /** Attempts that run, by token. */
  readonly #attempts = new Map<string, Attempt>();
  readonly #breather = new Breather();
  #slots: number;
  #settled: Settled[] = [];
  #wake: () => void = () => undefined;

  constructor(graph: RunGraph, options: WorkerOptions) {
    const { id: worker, scheduler, events, log, clock = systemClock, retryExternalSeconds } = options;
    const outcomes = new Outcomes(graph);
    const announce = new Announcements(events, log);
    const onNews = () => this.#wake();
    const looks = new ExternalLooks({ delaySeconds: retryExternalSeconds, clock, log, onNews });
    const isOpen = (taskId: string) => this.#isUnderWay(taskId) || looks.has(taskId);
    const obstacles = new Obstacles(graph, outcomes, isOpen);
    const registrar = new Registrar({ options, graph, outcomes, looks });
    const plan = (tasks: readonly Task[]) => registrar.planMore(tasks);
    const desk = new NeedDesk({ graph, outcomes, obstacles, plan, onAsking: onNews });
    this.#graph = graph;
    this.#options = options;
    this.#slots = options.slots;
    this.#outcomes = outcomes;
    this.#announce = announce;
    this.#desk = desk;
    this.#suspensions = new Suspensions({ worker, scheduler, graph, desk, announce });
    this.#looks = looks;
    this.#registrar = registrar;
    this.#starter = new AttemptStarter(options, {
      verify: verificationBy(options, graph, registrar),
      need: (attempt, tasks) => desk.need(attempt, tasks),
      releaseResources: (attempt, units) => void this.#releaseResources(attempt, units),
    });
    this.#reports = new Reports({ options, graph, outcomes, announce });
  }

  /** Resolves when nothing runs and nothing can. Rejects with what the scheduler throws, after ending what runs. */
  async run(): Promise<Outcomes> {
    const { signal, drain } = this.#options;
    const stop = () => this.#stopAll();
    const wake = () => this.#wake();
    signal?.addEventListener("abort", stop);
    drain?.addEventListener("abort", wake);
    try {
      if (await this.#hasBegun()) await this.#work();
    } finally {
      signal?.removeEventListener("abort", stop);
      drain?.removeEventListener("abort", wake);
      this.#looks.close();
      this.#stopAll();
    }
    return this.#outcomes;
  }

  /** From now on as many attempts run at a time, when those that run too many have ended. */
  resize(slots: number): void {
    this.#slots = slots;
    if (this.#attempts.size > 0) this.#wake();
  }

  /** Ends an attempt whose result nobody wants any more; one that is not running is let be. */
  abandon(token: string, reason: (task: Task) => Error): void {
    const attempt = this.#attempts.get(token);
    if (attempt !== undefined) attempt.running.stop(reason(attempt.task));
  }

  /** Hands an operator's message to a task; one that does not run is let be. */
  message(taskId: string, messageId: string, content: string): void {
    for (const { members, running } of this.#underWay()) {
      if (members.some(({ id }) => id === taskId)) running.message(messageId, content);
    }
  }

  /**
   * The scheduler forgot what waiting attempts wait for, and may assign them before that is done: then they tell it once more.
   *
   * @returns their tasks
   */
  awaitAnew(): readonly Task[] {
    return this.#suspensions.awaitAnew();
  }

  async #register(): Promise<void> {
    const { scheduler, id } = this.#options;
    await scheduler.registerWorker({ worker: id, processes: this.#slots });
    await this.#registrar.registerAll();
  }

  /** Registers, and tells whether to go on: a worker that is to leave does not wait for a shared scheduler that is away. */
  async #hasBegun(): Promise<boolean> {
    const { drain, scheduler } = this.#options;
    if (scheduler.isShared !== true || drain === undefined) return this.#register().then(() => true);
    if (drain.aborted) return false;
    const over = new AbortController();
    const left = once(drain, "abort", { signal: over.signal });
    const registered = this.#register();
    // Nobody may be waiting when it fails.
    registered.catch(() => undefined);
    return Promise.race([registered.then(() => true), left.then(() => false)]).finally(() => over.abort());
  }

  async #work(): Promise<void> {
    for (;;) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve));
      // What came since the last look rang in vain.
      if (this.#hasNews) this.#wake();
      const taken = await this.#takeWork(woken);
      if (this.#isStuck(taken)) {
        if (this.#suspensions.size === 0) return;
        this.#suspensions.end();
      }
      if (!this.#hasNews && !this.#asksForMore(taken)) await this.#sleep(woken, taken);
      await this.#reportSettled();
      await this.#suspendAsking();
      if (this.#looks.hasNews) await this.#noteFound();
      if (this.#breather.isDue) await this.#breather.rest();
    }
  }

  get #hasNews(): boolean {
    return this.#settled.length > 0 || this.#desk.hasNews || this.#looks.hasNews;
  }

  /** Nothing runs, nothing was begun, and waiting would not change it. */
  #isStuck({ begun, nextReadyAt }: Taken): boolean {
    const isIdle = this.#attempts.size === 0 && !this.#hasNews && !this.#desk.isBusy;
    // A shared scheduler waits until there is a reason to go on, or to go.
    const isOver = this.#options.scheduler.isShared === true || !this.#looksOn;
    return isIdle && begun === 0 && nextReadyAt === null && isOver;
  }

  /** Something may appear that others wait for. */
  get #looksOn(): boolean {
    return this.#looks.isWaiting && !this.#isEnding;
  }

  async #noteFound(): Promise<void> {
    const { id: worker, scheduler } = this.#options;
    const found = this.#looks.take();
    const tasks = found.map(({ id }) => ({ taskId: id, status: "DONE" as const }));
    if (tasks.length > 0) await scheduler.addTasks({ worker, tasks });
    for (const task of found) {
      this.#outcomes.completed(task.id);
      this.#announce.appeared(task);
    }
    // What was given up hinders those that wait for it.
    await this.#suspensions.release(true);
  }

  /** Slots that are left wait at a shared scheduler: what they get may depend on others. */
  #asksForMore({ begun }: Taken): boolean {
    return begun > 0 && this.#options.scheduler.isShared === true;
  }

  async #sleep(woken: Promise<void>, { nextReadyAt }: Taken): Promise<void> {
    const { clock = systemClock } = this.#options;
    const cancel = nextReadyAt === null ? undefined : clock.schedule(nextReadyAt, this.#wake);
    await woken;
    cancel?.();
  }

  /** Fills the free slots. */
  async #takeWork(woken: Promise<void>): Promise<Taken> {
    const { id, scheduler } = this.#options;
    const free = this.#slots - this.#attempts.size;
    if (free <= 0 || this.#isEnding) return NOTHING_TAKEN;
    const running = [...this.#attempts.keys()];
    const reply = await scheduler.getWork({ worker: id, slots: free, running }, woken, this.#looksOn);
    if (this.#isEnding) return this.#giveBack(reply.assignments);
    for (const assignment of reply.assignments) await this.#take(assignment);
    this.#outcomes.runningElsewhere([...reply.runningElsewhere, ...(reply.suspendedElsewhere ?? [])]);
    return { begun: reply.assignments.length, nextReadyAt: reply.nextReadyAt };
  }

  get #isEnding(): boolean {
    const { drain, signal } = this.#options;
    return drain?.aborted === true || signal?.aborted === true;
  }

  /** Others may have what was assigned to a worker that begins nothing any more. */
  async #giveBack(assignments: readonly Assignment[]): Promise<Taken> {
    const { id: worker, scheduler } = this.#options;
    for (const { taskId, token } of assignments) {
      await scheduler.report({ worker, taskId, token, outcome: "PENDING" });
    }
    return NOTHING_TAKEN;
  }

  async #take(assignment: Assignment): Promise<void> {
    const { taskId, token } = assignment;
    const waiting = this.#suspensions.get(taskId);
    if (waiting === undefined) this.#begin(assignment);
    else if (await this.#suspensions.resume(waiting, token)) this.#attempts.set(token, waiting);
  }

  #begin(assignment: Assignment): void {
    const { taskId, token, batch } = assignment;
    const members = (batch?.taskIds ?? [taskId]).map((id) => this.#taskOf(id, assignment));
    for (const task of members) this.#announce.started(task);
    const attempt = new Attempt(members, token, assignment.attempt);
    attempt.running = this.#starter.start(attempt, assignment);
    this.#attempts.set(token, attempt);
    // The first steps of a task may have cancelled the run.
    if (this.#options.signal?.aborted === true) this.#stop(attempt);
    attempt.running.result.then(
      () => this.#settle(attempt, undefined),
      (thrown: unknown) => this.#settle(attempt, failureOf(thrown, attempt.task)),
    );
  }

  #taskOf(taskId: string, assignment: Assignment): Task {
    const planned = this.#graph.tasks.get(taskId);
    return planned?.task ?? (this.#options.taskOf as (assignment: Assignment) => Task)(assignment);
  }

  /** With what it gives back, others may begin. */
  async #releaseResources({ task, token }: Attempt, units: Readonly<Record<string, number>>): Promise<void> {
    const { id: worker, scheduler, log } = this.#options;
    try {
      await scheduler.updateRun({ worker, taskId: task.id, token, decreaseResources: units });
      this.#wake();
    } catch (thrown) {
      log.warn(`${nameOf(task)} keeps its resources until it ends: ${messageOf(thrown)}`);
    }
  }

  #underWay(): Attempt[] {
    return [...this.#attempts.values(), ...this.#suspensions.attempts];
  }

  #isUnderWay(taskId: string): boolean {
    return this.#underWay().some(({ members }) => members.some(({ id }) => id === taskId));
  }

  #settle(attempt: Attempt, error: Error | undefined): void {
    this.#desk.close(attempt, error);
    this.#settled.push({ attempt, error, seconds: attempt.seconds });
    this.#wake();
  }

  async #reportSettled(): Promise<void> {
    const settled = this.#settled;
    this.#settled = [];
    for (const { attempt } of settled) this.#attempts.delete(attempt.token);
    const waited = settled.map(({ attempt }) => this.#suspensions.delete(attempt));
    const ends = await Promise.all(
      settled.map((each, index) => this.#reports.report(each, waited[index] === true)),
    );
    for (const [index, { attempt }] of settled.entries()) {
      if (ends[index] === "over") for (const { id } of attempt.members) this.#desk.forget(id);
    }
    if (settled.length > 0) await this.#suspensions.release(settled.some(({ error }) => error !== undefined));
  }

  async #suspendAsking(): Promise<void> {
    for (const attempt of this.#desk.takeAsking()) {
      const { token } = attempt;
      if (await this.#suspensions.ask(attempt)) this.#attempts.delete(token);
    }
  }

  #stopAll(): void {
    for (const attempt of this.#underWay()) this.#stop(attempt);
    this.#wake();
  }

  #stop({ task, running }: Attempt): void {
    const message = `${nameOf(task)} was ended because the run was cancelled.`;
    running.stop(new TaskError("TASK_ABORTED", task.id, message));
  }
}
