import type { CompletionCheck } from "./completion-check.ts";
import type { EventBus } from "./events.ts";
import { flattenRequirements } from "./requirements.ts";
import { Task } from "./task.ts";

const WRAPPER = Symbol.for("leat.wrapper");

/** A name for a set of tasks: complete when all that it requires is complete. */
export abstract class WrapperTask extends Task {
  /** True for a wrapper, of any copy of this package, that has no `run` or `complete` of its own. */
  static isPlain(task: Task): boolean {
    const base = (task as { readonly [WRAPPER]?: WrapperTask })[WRAPPER];
    return base !== undefined && task.run === base.run && task.complete === base.complete;
  }

  /** @internal What every wrapper of this copy inherits. */
  get [WRAPPER](): WrapperTask {
    return WrapperTask.prototype;
  }

  override output(): undefined {
    return undefined;
  }

  override run(): void {
    // Nothing is left to do: a wrapper runs after its requirements are complete.
  }

  override async complete(
    check: CompletionCheck = (task) => task.complete(),
    events?: EventBus,
  ): Promise<boolean> {
    const required = await this.findRequirements(check, events);
    const found = await Promise.all(required.map((task) => check(task)));
    return found.every(Boolean);
  }

  /**
   * What must be complete for this to be complete. Default: what `requires()` gives. Override it where finding that out has
   * to wait, for a listing of files for example; `requires()`, which is called next, must then give what was found.
   */
  protected async findRequirements(_check: CompletionCheck, _events?: EventBus): Promise<readonly Task[]> {
    return flattenRequirements(this.requires(), this);
  }
}
