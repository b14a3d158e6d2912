import {
  batches,
  CopyToTable,
  csvFile,
  type Dialect,
  MarkerTarget,
  type RowSource,
} from "@leat/copy-to-table";
import { ExternalTask, LocalTarget, p, Task } from "@leat/core";
import { expectTypeOf } from "vitest";

abstract class Loader extends CopyToTable {
  override output(): MarkerTarget {
    throw new Error("not for running");
  }
  protected override dialect(): Dialect {
    throw new Error("not for running");
  }
}

class Plays extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new LocalTarget("plays.tsv");
  }
}

class FromInput extends Loader.with({ date: p.date() }) {
  override readonly table = "plays";
  override readonly columns = [["song", "text"], ["plays", "bigint", { nullValues: [""] }], "note"] as const;
  override requires() {
    return new Plays({ date: this.date });
  }
  override async *rows() {
    const input: LocalTarget = this.input();
    for await (const line of input.readLines()) yield line.split("\t");
  }
}
expectTypeOf<FromInput["date"]>().toEqualTypeOf<Plays["date"]>();

// The table can come from a parameter.
class ToAnyTable extends Loader.with({ destination: p.string() }) {
  override readonly table = this.destination;
  override readonly columns = ["a"];
  override readonly mode = { upsertBy: ["a"] };
  override rows(): RowSource {
    return [[1]];
  }
}
new ToAnyTable({ destination: "t" });
class ToNamedTable extends Loader.with({ table: p.string(), date: p.date() }) {
  override readonly columns = ["a"];
  override rows(): RowSource {
    return [[1]];
  }
}
expectTypeOf<ToNamedTable["table"]>().toEqualTypeOf<string>();
// @ts-expect-error: `columns` is a member, and no parameter can have its name
Loader.with({ columns: p.string() });

class InBatches extends Loader {
  override readonly table = "t";
  override readonly columns = ["a"];
  override rows() {
    return batches([[[1], [2]]]);
  }
}
class FromFile extends Loader {
  override readonly table = "t";
  override readonly columns = ["a"];
  override rows() {
    return csvFile(new LocalTarget("in.csv"), { header: true });
  }
}

// @ts-expect-error rows is missing
class NoRows extends Loader {
  override readonly table = "t";
  override readonly columns = ["a"];
}
// @ts-expect-error table is missing
class NoTable extends Loader {
  override readonly columns = ["a"];
  override rows() {
    return [];
  }
}
class WrongRows extends Loader {
  override readonly table = "t";
  override readonly columns = ["a"];
  // @ts-expect-error rows are arrays, not objects
  override rows() {
    return [{ a: 1 }];
  }
}
class WrongMode extends Loader {
  override readonly table = "t";
  override readonly columns = ["a"];
  // @ts-expect-error there is no such mode
  override readonly mode = "truncate";
  override rows() {
    return [];
  }
}
class WrongColumns extends Loader {
  override readonly table = "t";
  // @ts-expect-error a type is text
  override readonly columns = [["a", 5]] as const;
  override rows() {
    return [];
  }
}
// @ts-expect-error an adapter must say where its marker is
class NoOutput extends CopyToTable {
  override readonly table = "t";
  override readonly columns = ["a"];
  override rows() {
    return [];
  }
  protected override dialect(): Dialect {
    throw new Error("not for running");
  }
}

export { FromFile, InBatches, NoOutput, NoRows, NoTable, Task, WrongColumns, WrongMode, WrongRows };
