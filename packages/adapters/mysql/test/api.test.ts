import * as api from "@leat/mysql";
import { expect, it } from "vitest";

it("exports these values, and no others", () => {
  expect(Object.keys(api).sort()).toEqual([
    "MysqlCopyToTable",
    "MysqlQuery",
    "MysqlTableTarget",
    "MysqlTarget",
    "batches",
    "csvFile",
    "findMarkers",
    "tsvFile",
  ]);
});
