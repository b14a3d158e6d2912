import { Task } from "./task.ts";

const CONFIG = Symbol.for("leat.config");

/**
 * Parameters only: settings that several tasks share. Each value comes from the configuration when it is not given, from the
 * section with the name of the class: `class Warehouse extends ConfigTask.with({ schema: p.string() }) {}` reads
 * `[Warehouse] schema`, and `--Warehouse-schema` on the command line. So `new Warehouse()` needs no arguments; a value that is
 * nowhere is an error when it is made.
 */
export abstract class ConfigTask extends Task {
  /** True for a class of settings, of any copy of this package. */
  static isConfigClass(type: { readonly prototype: unknown }): boolean {
    return typeof type.prototype === "object" && type.prototype !== null && CONFIG in type.prototype;
  }

  /** @internal */
  get [CONFIG](): true {
    return true;
  }

  override output(): undefined {
    return undefined;
  }

  override run(): void {
    // There is nothing to do: settings are complete as they are.
  }

  override async complete(): Promise<boolean> {
    return true;
  }
}
