import * as api from "@leat/postgres";
import { expect, it } from "vitest";

it("exports these values, and no others", () => {
  expect(Object.keys(api).sort()).toEqual([
    "PostgresCopyToTable",
    "PostgresQuery",
    "PostgresTableTarget",
    "PostgresTarget",
    "batches",
    "csvFile",
    "findMarkers",
    "tsvFile",
  ]);
});
