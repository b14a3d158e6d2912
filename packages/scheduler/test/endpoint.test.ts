import { expect, it } from "vitest";
import { parseEndpoint } from "../src/client/endpoint.ts";

it.each([
  ["http://host:8082", ""],
  ["http://host:8082/", ""],
  ["http://host:8082/etl", "/etl"],
  ["http://host:8082/etl/leatd/", "/etl/leatd"],
])("a scheduler at %s has its paths below %j", (url, basePath) => {
  expect(parseEndpoint(url, undefined, undefined).basePath).toBe(basePath);
});

it.each([
  ["http://user:pass%20word@host", "Basic dXNlcjpwYXNzIHdvcmQ="],
  ["http://user:@host", "Basic dXNlcjo="],
  ["http://host", undefined],
])("credentials in %s are sent as basic ones, and are no part of the name", (url, authorization) => {
  const { headers, name } = parseEndpoint(url, undefined, undefined);
  expect(headers["authorization"]).toBe(authorization);
  expect(name).toBe("http://host/");
});
