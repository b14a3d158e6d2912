import { Task } from "@leat/core";
import type { Dialect } from "./dialect.ts";
import type { MarkerTarget } from "./marker-target.ts";

/** A task of a database that is done when its marker is there. */
export abstract class MarkedTask extends Task {
  /** A parameter may have this name, so that a class loads whatever table its user names. */
  declare static readonly openNames: "table";

  /**
   * The table that the task is about: `table` or `schema.table`, with double quotes around a name that has a dot. Case is kept.
   */
  abstract readonly table: string;

  /** Key of the marker. Default: the id of the task, as in Luigi. */
  get updateId(): string {
    return this.id;
  }

  abstract override output(): MarkerTarget;

  /** Takes the marker away, so that a run that forces the task does its work. */
  override async forget(): Promise<void> {
    await this.output().remove();
  }

  /** The database. For adapters. */
  protected abstract dialect(): Dialect;

  /** What `JSON.stringify` shows: not the fields of the class, as the connection of a task may have a password in it. */
  toJSON(): string {
    return this.toString();
  }
}
