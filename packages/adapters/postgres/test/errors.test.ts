import type { RowFeed } from "@leat/copy-to-table";
import { TargetError } from "@leat/core";
import { expect, it } from "vitest";
import { copyError } from "../src/copy-errors.ts";
import { isRefusal, postgresError } from "../src/postgres-errors.ts";

/** An error as the driver makes it from an answer of the server. */
function serverError(code: string, more: object = {}): Error {
  return Object.assign(new Error("it went wrong"), { code, severity: "ERROR", ...more });
}

it.each([
  ["28P01", "TARGET_FORBIDDEN", false],
  ["3D000", "TARGET_NOT_FOUND", false],
  ["40001", "TARGET_CONFLICT", true],
  ["40P01", "TARGET_CONFLICT", true],
  ["42501", "TARGET_FORBIDDEN", false],
  ["42601", "TARGET_UNSUPPORTED", false],
  ["42P01", "TARGET_NOT_FOUND", false],
  ["42P07", "TARGET_EXISTS", false],
  ["08006", "TARGET_UNAVAILABLE", true],
  ["22P02", "TARGET_INVALID_DATA", false],
  ["23505", "TARGET_INVALID_DATA", false],
  ["25P03", "TARGET_TIMEOUT", false],
  ["53100", "TARGET_FULL", false],
  ["53300", "TARGET_UNAVAILABLE", true],
  ["55P03", "TARGET_CONFLICT", true],
  ["57014", "TARGET_TIMEOUT", true],
  ["57P01", "TARGET_UNAVAILABLE", true],
  ["57P03", "TARGET_UNAVAILABLE", true],
  ["P0001", "TARGET_INVALID_DATA", false],
  ["XX000", "TARGET_UNAVAILABLE", false],
])("translates SQLSTATE %s to %s, retryable: %s", (state, code, retryable) => {
  expect(postgresError(serverError(state), "do it")).toMatchObject({
    code,
    retryable,
    details: { driverCode: state },
  });
});

it.each([
  ["ECONNREFUSED", "TARGET_UNAVAILABLE", true],
  ["ENOTFOUND", "TARGET_UNAVAILABLE", false],
  ["ETIMEDOUT", "TARGET_TIMEOUT", true],
  ["CERT_HAS_EXPIRED", "TARGET_FORBIDDEN", false],
])("translates the system's %s to %s, retryable: %s", (systemCode, code, retryable) => {
  const error = Object.assign(new Error("no"), { code: systemCode });
  expect(postgresError(error, "do it")).toMatchObject({ code, retryable });
});

it.each([
  ["Connection terminated unexpectedly", "TARGET_UNAVAILABLE"],
  ["Connection terminated due to connection timeout", "TARGET_TIMEOUT"],
  ["timeout exceeded when trying to connect", "TARGET_TIMEOUT"],
  ["timeout expired", "TARGET_TIMEOUT"],
  ["The server does not support SSL connections", "TARGET_FORBIDDEN"],
])("translates the driver's %j to %s", (message, code) => {
  expect(postgresError(new Error(message), "do it")).toMatchObject({ code });
});

it("names the action, the reason with its details, the code and the cure", () => {
  const cause = serverError("23505", { detail: "Key (id)=(1) already exists." });
  const error = postgresError(cause, "load songs") as TargetError;
  expect(error.message).toBe(
    "Cannot load songs: it went wrong: Key (id)=(1) already exists (23505). Correct the value, or the constraint of the table.",
  );
  expect(error.cause).toBe(cause);
});

it("names the reasons of an error that stands for several addresses", () => {
  const several = Object.assign(
    new AggregateError([new Error("connect ::1"), new Error("connect 127.0.0.1")], ""),
    {
      code: "ECONNREFUSED",
    },
  );
  expect(postgresError(several, "connect")).toMatchObject({
    message: expect.stringContaining("connect ::1; connect 127.0.0.1 (ECONNREFUSED)") as string,
  });
});

it("leaves errors of ours and what is no error as they are", () => {
  const ours = new TargetError("TARGET_EXISTS", "there");
  expect(postgresError(ours, "do it")).toBe(ours);
  expect(postgresError("text", "do it")).toBe("text");
});

it("takes for a refusal what the server says in any language, but not the end of a connection", () => {
  expect(isRefusal(serverError("23505"))).toBe(true);
  expect(isRefusal(serverError("23505", { severity: "FEHLER" }))).toBe(true);
  expect(isRefusal(serverError("57P01", { severity: "FATAL" }))).toBe(false);
  expect(isRefusal(new Error("Connection terminated unexpectedly"))).toBe(false);
});

it.each([
  ['COPY songs, line 3, column plays: "x"', 3, "plays"],
  ["COPY songs, line 3", 3, undefined],
  ["COPY songs, line 12, column plays", 12, "plays"],
  ['COPY songs, line 3: "a\tb"', 3, undefined],
  ["COPY songs, Zeile 3, Spalte plays: »x«", 3, "plays"],
  ["COPY songs, ligne 3, colonne plays : « x »", 3, "plays"],
  ['SQL function "check"\nCOPY songs, line 4, column a: b: "x"', 4, "a"],
  ["", undefined, undefined],
])("reads row and column from %j", (where, row, column) => {
  const feed = { serverError: (...found: readonly unknown[]) => found.slice(0, 2) } as unknown as RowFeed;
  expect(copyError(serverError("22P02", { where }), feed)).toEqual([row, column]);
});
