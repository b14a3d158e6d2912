import * as api from "@leat/copy-to-table";
import * as testing from "@leat/copy-to-table/testing";
import { expect, it } from "vitest";

it("exports these values, and no others", () => {
  expect(Object.keys(api).sort()).toEqual([
    "ByteWriter",
    "CHUNK_BYTES",
    "CopyToTable",
    "DateTimeReader",
    "MarkerTarget",
    "PoolCache",
    "QueryTask",
    "RowError",
    "TableTarget",
    "TextRowEncoder",
    "ValueError",
    "abortable",
    "attemptOrder",
    "batches",
    "checkText",
    "csvFile",
    "fencedOff",
    "isTemporal",
    "parseTableName",
    "partCondition",
    "partText",
    "plainText",
    "statementAction",
    "tsvFile",
  ]);
  expect(Object.keys(testing).sort()).toEqual([
    "copyToTableSuite",
    "exactlyOnceSuite",
    "fenceSuite",
    "loadInZone",
    "makeLoad",
    "runTask",
    "serveLoads",
    "zoneSuite",
  ]);
});
