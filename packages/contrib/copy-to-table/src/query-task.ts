import type { RunContext } from "@leat/core";
import { abortable } from "./abortable.ts";
import type { Dialect, Sql } from "./dialect.ts";
import { MarkedTask } from "./marked-task.ts";
import { runOnce } from "./run-once.ts";

/**
 * Runs SQL once: the statements and a marker are one transaction. Adapters extend it with their database; users extend those.
 */
export abstract class QueryTask extends MarkedTask {
  /**
   * Runs each statement on its own, outside of a transaction, for those that databases refuse inside one (`VACUUM`). The marker
   * follows: when the process ends in between, the next attempt runs the statements again. Default false.
   */
  readonly autocommit: boolean = false;

  /** Runs the statements. */
  abstract query(sql: Sql, context: RunContext): Promise<void>;

  override async run(context: RunContext): Promise<void> {
    const dialect = this.dialect();
    if (this.autocommit && !(await this.output().exists({ signal: context.signal }))) {
      await this.#queryAlone(dialect, context);
    }
    await runOnce(
      dialect,
      {
        taskId: this.id,
        marker: { updateId: this.updateId, table: this.table },
        prepare: async () => {},
        work: async (session) => {
          if (!this.autocommit) await this.query(session, context);
        },
      },
      context,
    );
  }

  async #queryAlone(dialect: Dialect, context: RunContext): Promise<void> {
    await abortable(context.signal, async () => {
      const session = await dialect.connect({ signal: context.signal });
      try {
        await this.query(session, context);
      } finally {
        session.close();
      }
    });
  }
}
