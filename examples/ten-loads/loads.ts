import { p, WrapperTask } from "leat";
import { PostgresCopyToTable } from "@leat/postgres";

const ROWS = 1000;

/** One of ten parts of a table. Rows and marker are written in one transaction. */
export class LoadPart extends PostgresCopyToTable.with({ part: p.int() }) {
  override readonly table = "ten_loads";
  override readonly columns = [
    ["part", "integer"],
    ["value", "integer"],
  ] as const;
  override async *rows() {
    for (let value = 0; value < ROWS; value++) yield [this.part, value];
  }
}

export class TenLoads extends WrapperTask {
  override requires() {
    return Array.from({ length: 10 }, (_, part) => new LoadPart({ part }));
  }
}
