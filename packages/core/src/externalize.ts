import { ExternalTask } from "./external-task.ts";
import type { ConcreteTaskClass } from "./task.ts";

/**
 * The class of the same tasks, made by somebody else: same ids and outputs, but never run, only waited for. The class itself
 * stays as it is. As Luigi's `externalize`: `override requires() { return externalize(Plays).from(this); }`.
 */
export function externalize<C extends ConcreteTaskClass>(type: C): C {
  abstract class External extends (type as ConcreteTaskClass) {
    static override readonly family = type.family;
    override get isExternal(): boolean {
      return true;
    }
    override run(): never {
      return ExternalTask.prototype.run.call(this);
    }
  }
  return External as unknown as C;
}
