import { TaskError } from "./errors.ts";
import { Task } from "./task.ts";

/** Data that something outside Leat makes. It is never run; tasks that require it wait until it is there. */
export abstract class ExternalTask extends Task {
  override get isExternal(): boolean {
    return true;
  }

  override run(): never {
    throw new TaskError(
      "TASK_EXTERNAL",
      this.id,
      `${this} is external: something outside Leat must make its output.`,
    );
  }
}
