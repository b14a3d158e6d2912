import { mkdirSync, writeFileSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { join } from "node:path";
import { expect, it } from "vitest";
import { readPage } from "../src/page.ts";
import { openServer, temporaryFolder } from "./support.ts";

/** Sends a path as it is: `fetch` would tidy it up. */
function statusOf(url: string, path: string, method = "GET"): Promise<number | undefined> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const sent = httpRequest({ hostname, port, path, method }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on("error", reject).end();
  });
}

function page(): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "assets"));
  writeFileSync(join(folder, "index.html"), "<!doctype html><title>page</title>");
  writeFileSync(join(folder, "assets", "index-1.js"), "console.log(1);\n".repeat(100));
  writeFileSync(join(folder, "assets", "index-1.js.map"), "{}");
  return folder;
}

it("takes the files of the page that browsers need, and no others", () => {
  expect([...readPage(page()).keys()].toSorted()).toEqual(["/", "/assets/index-1.js"]);
});

it("has no page where none was built", () => {
  expect(readPage(temporaryFolder()).size).toBe(0);
});

it("keeps assets, whose names change with their content, for ever, and asks anew for the document", () => {
  const files = readPage(page());
  expect(files.get("/")).toMatchObject({ isImmutable: false, type: "text/html; charset=utf-8" });
  expect(files.get("/assets/index-1.js")?.isImmutable).toBe(true);
  expect(files.get("/assets/index-1.js")?.gzipped?.length).toBeLessThan(200);
});

it("serves the page with a policy that lets only scripts of leatd itself run", async () => {
  const server = await openServer();
  const { status, headers, body } = await server.get("/");
  expect(status).toBe(200);
  expect(headers.get("content-security-policy")).toContain(
    "default-src 'none'; script-src 'self'; style-src 'self'",
  );
  expect(headers.get("content-security-policy")).not.toContain("unsafe");
  expect(body).not.toMatch(/<script(?![^>]*\bsrc=)|<style|\son\w+=/);
  const again = await server.get("/", { "if-none-match": headers.get("etag") ?? "" });
  expect(again.status).toBe(304);
});

it("answers only GET and HEAD, and gives no file outside of the page", async () => {
  const { url } = await openServer();
  expect(await statusOf(url, "/", "HEAD")).toBe(200);
  expect(await statusOf(url, "/", "POST")).toBe(405);
  expect(await statusOf(url, "/", "DELETE")).toBe(405);
  for (const path of [
    "/../package.json",
    "/assets/../../package.json",
    "/assets/%2e%2e/index.html",
    "/%2e%2e%2fpackage.json",
    "//package.json",
  ]) {
    expect(await statusOf(url, path), path).toBe(404);
  }
});

it("says what the sender may do", async () => {
  const server = await openServer();
  expect((await server.get("/api/v1/session")).body).toEqual({
    roles: ["view", "operate", "worker"],
    needsToken: false,
  });
});

it("weighs less than 200 kB, as browsers get it", () => {
  const sizes = [...readPage().values()].map(({ gzipped, bytes }) => (gzipped ?? bytes).length);
  expect(sizes.length).toBeGreaterThan(3);
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
});
