import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { DEBIAN_SERVERS, isInstalled } from "../src/installed.ts";

const cli = fileURLToPath(new URL("../src/install-cli.ts", import.meta.url));

function install(...names: readonly string[]) {
  const args = ["--import", import.meta.resolve("tsx"), cli, ...names];
  return spawnSync(process.execPath, args, { encoding: "utf8" });
}

it("names the servers that it knows", () => {
  const { status, stderr } = install("oracle");
  expect(status).toBe(1);
  expect(stderr).toBe(`No server "oracle" to install; there are ${DEBIAN_SERVERS.join(", ")}, versitygw\n`);
});

it.skipIf(!isInstalled("redis"))("leaves alone what is installed", () => {
  const { status, stdout } = install("redis");
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Servers installed: .*redis/);
});
