import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { asShown, ExampleRun } from "../../../test/support/readme-commands.ts";
import { HttpTarget } from "../http-target.ts";

const PAGES: Readonly<Record<string, readonly [status: number, text: string]>> = {
  "/page.html": [200, "<title>Leat</title>"],
  "/secret.html": [403, ""],
  "/broken.html": [500, ""],
};

let server: Server;
let site: string;
beforeAll(async () => {
  server = createServer(({ url = "" }, response) => {
    const [status, text] = PAGES[url] ?? [404, ""];
    response.writeHead(status).end(text);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
const example = new ExampleRun("custom-target-plugin");
afterAll(() => {
  server.close();
  example.remove();
});

it("the commands of the README print what it shows", async () => {
  const steps = await example.readme({ SITE: site });
  expect(steps).toMatchObject(asShown(steps));
});

it("the target is a page of code", () => {
  expect(readFileSync(new URL("../http-target.ts", import.meta.url), "utf8").split("\n").length).toBeLessThan(
    60,
  );
});

describe("an HttpTarget", () => {
  it("is there, or not", async () => {
    expect(await new HttpTarget(`${site}/page.html`).exists()).toBe(true);
    expect(await new HttpTarget(`${site}/nowhere.html`).exists()).toBe(false);
  });

  it.each([
    ["/secret.html", "TARGET_FORBIDDEN", false],
    ["/broken.html", "TARGET_UNAVAILABLE", true],
  ])("cannot tell of %s", async (path, code, retryable) => {
    await expect(new HttpTarget(site + path).exists()).rejects.toMatchObject({ code, retryable });
    await expect(new HttpTarget(site + path).readText()).rejects.toMatchObject({ code, retryable });
  });

  it("cannot tell when nobody answers", async () => {
    await expect(new HttpTarget("http://127.0.0.1:1/").exists()).rejects.toMatchObject({
      code: "TARGET_UNAVAILABLE",
      retryable: true,
    });
  });
});
