import * as api from "@leat/core";
import { expect, it } from "vitest";

it("exports these names at run time", () => {
  expect(Object.keys(api).sort()).toEqual([
    "DateInterval",
    "EventBus",
    "ExternalTask",
    "FileSystem",
    "FileTarget",
    "LeatError",
    "LocalFileSystem",
    "LocalTarget",
    "MemoryFileSystem",
    "MemoryTarget",
    "NETWORK_ERRORS",
    "Param",
    "Target",
    "TargetError",
    "Task",
    "TaskError",
    "Temporal",
    "UsageError",
    "WrapperTask",
    "bytes",
    "compose",
    "flattenOutputs",
    "flattenRequirements",
    "gzip",
    "isTemporaryPath",
    "messageOf",
    "p",
    "taskId",
    "text",
  ]);
});

it("builds parameters of these types", () => {
  expect(Object.keys(api.p).sort()).toEqual([
    "bool",
    "choice",
    "choiceList",
    "date",
    "dateHour",
    "dateInterval",
    "dateMinute",
    "dateSecond",
    "dict",
    "enumListOf",
    "enumOf",
    "float",
    "int",
    "list",
    "month",
    "numerical",
    "optional",
    "path",
    "string",
    "taskClass",
    "timeDelta",
    "tuple",
    "year",
  ]);
});
