import { expect, it } from "vitest";
import { parseTarget } from "../src/request-target.ts";

const read = (target?: string) => {
  const { pathname, query } = parseTarget(target);
  return [pathname, query.toString()];
};

it.each([
  ["/api/v1/getWork", "/api/v1/getWork", ""],
  ["/api/v1/tasks?status=DONE&limit=1", "/api/v1/tasks", "status=DONE&limit=1"],
  ["/api/v1/../../etc/passwd", "/etc/passwd", ""],
  ["/api/v1/%2e%2e/openapi.json", "/api/openapi.json", ""],
  ["//other.example/api", "//other.example/api", ""],
  ["http://other.example/api", "/", ""],
  ["/api/v1/tasks/a%2Fb", "/api/v1/tasks/a%2Fb", ""],
])("reads %s as a path of this server", (target, pathname, query) => {
  expect(read(target)).toEqual([pathname, query]);
});

it("takes a request without a path for one of the first page", () => {
  expect(read()).toEqual(["/", ""]);
});

it("does not give one request the query of another", () => {
  parseTarget("/api/v1/getWork").query.append("limit", "1");
  expect(read("/api/v1/getWork")).toEqual(["/api/v1/getWork", ""]);
});
