import type {
  Accepted,
  Act,
  ActReply,
  AddTasks,
  AddTasksReply,
  DisableWorker,
  GetWork,
  Heartbeat,
  HeartbeatReply,
  OnTask,
  RegisterBatcher,
  RegisterWorker,
  Report,
  ReportReply,
  Respond,
  SchedulerApi,
  SendMessage,
  SendMessageReply,
  SetPaused,
  SetResource,
  SetWorkerPaused,
  SetWorkerProcesses,
  StatusReply,
  TakeResponse,
  TakeResponseReply,
  UnregisterWorker,
  UpdateRun,
  WorkerReply,
  WorkReply,
} from "./api.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * A scheduler in the same process, behind the interface of a remote one.
 *
 * `clock` gives the time in milliseconds since the Unix epoch, e.g. `Date.now`.
 */
export class LocalScheduler implements SchedulerApi {
  private readonly scheduler: Scheduler;
  private readonly clock: () => number;

  constructor(scheduler: Scheduler, clock: () => number) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  async registerWorker(command: RegisterWorker): Promise<WorkerReply> {
    return this.scheduler.registerWorker(command, this.clock());
  }

  async registerBatcher(command: RegisterBatcher): Promise<WorkerReply> {
    return this.scheduler.registerBatcher(command, this.clock());
  }

  async addTasks(command: AddTasks): Promise<AddTasksReply> {
    return this.scheduler.addTasks(command, this.clock());
  }

  async getWork(command: GetWork): Promise<WorkReply> {
    return this.scheduler.getWork(command, this.clock());
  }

  async report(command: Report): Promise<ReportReply> {
    return this.scheduler.report(command, this.clock());
  }

  async updateRun(command: UpdateRun): Promise<Accepted> {
    return this.scheduler.updateRun(command, this.clock());
  }

  async heartbeat(command: Heartbeat): Promise<HeartbeatReply> {
    return this.scheduler.heartbeat(command, this.clock());
  }

  async respond(command: Respond): Promise<Accepted> {
    return this.scheduler.respond(command, this.clock());
  }

  async unregisterWorker(command: UnregisterWorker): Promise<Accepted> {
    return this.scheduler.unregisterWorker(command, this.clock());
  }

  async forgive(command: OnTask): Promise<StatusReply> {
    return this.scheduler.forgive(command, this.clock());
  }

  async markDone(command: OnTask): Promise<StatusReply> {
    return this.scheduler.markDone(command, this.clock());
  }

  async reEnable(command: OnTask): Promise<StatusReply> {
    return this.scheduler.reEnable(command, this.clock());
  }

  async act(command: Act): Promise<ActReply> {
    return this.scheduler.act(command, this.clock());
  }

  async setPaused(command: SetPaused): Promise<void> {
    this.scheduler.setPaused(command, this.clock());
  }

  async disableWorker(command: DisableWorker): Promise<Accepted> {
    return this.scheduler.disableWorker(command, this.clock());
  }

  async setWorkerPaused(command: SetWorkerPaused): Promise<Accepted> {
    return this.scheduler.setWorkerPaused(command, this.clock());
  }

  async setWorkerProcesses(command: SetWorkerProcesses): Promise<Accepted> {
    return this.scheduler.setWorkerProcesses(command, this.clock());
  }

  async setResource(command: SetResource): Promise<void> {
    this.scheduler.setResource(command, this.clock());
  }

  async sendMessage(command: SendMessage): Promise<SendMessageReply> {
    return this.scheduler.sendMessage(command, this.clock());
  }

  async takeResponse(command: TakeResponse): Promise<TakeResponseReply> {
    return this.scheduler.takeResponse(command, this.clock());
  }
}
