import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { makeCertificates } from "@leat-internal/dev-servers";
import { describe, expect, it } from "vitest";
import { FLAGS, helpText } from "../src/flags.ts";
import { openServer, spawnLeatd, temporaryFolder } from "./support.ts";

const read = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const UNIT = fileURLToPath(new URL("../deploy/leatd.service", import.meta.url));
const unit = read("../deploy/leatd.service");
const image = read("../deploy/Dockerfile");
const page = read("../../../docs/production.md");

/** The first group of the pattern, which must be there. */
function found(pattern: RegExp, source: string): string {
  const [, value] = pattern.exec(source) ?? [];
  if (value === undefined) throw new Error(`There is no ${pattern} in:\n${source}`);
  return value;
}

/** Values of a setting, in the order of the unit. */
const setting = (name: string) =>
  Array.from(unit.matchAll(new RegExp(`^${name}=(.*)$`, "gm")), ([, value]) => value);

it("the unit and the Dockerfile, and what the page says of them, use flags and variables that leatd has", () => {
  // Lines that go on are one; of a line, what stands behind the name of the program or of the image.
  const commands = [unit, image, page].join("\n").replaceAll("\\\n", " ").split("\n");
  const used = commands.flatMap((line) => {
    const [, args = ""] = /(?:env leatd|\["leatd",|^(?:LEAT_STATE=\S+ | *)leatd)(.*)/.exec(line) ?? [];
    return Array.from(args.matchAll(/--([a-z-]+)/g), ([, name]) => name);
  });
  const known = FLAGS.map(({ name }) => name);
  expect(used).toContain("token-file");
  expect(known).toEqual(expect.arrayContaining(used));
  const variables = [unit, image, page].flatMap((source) => source.match(/\bLEAT_(?:STATE|TOKENS)\b/g) ?? []);
  expect(new Set(variables)).toEqual(new Set(["LEAT_STATE", "LEAT_TOKENS"]));
  for (const name of variables) expect(helpText()).toContain(`  ${name} `);
});

describe("the unit", () => {
  it("keeps the state in the folder that systemd makes for it, and the page names it", () => {
    expect(setting("StateDirectory")).toEqual(["leat"]);
    expect(setting("Environment")).toEqual(["LEAT_STATE=%S/leat/leatd.db"]);
    expect(page).toContain("`/var/lib/leat`");
  });

  it("reads the file that the page names for a state in PostgreSQL", () => {
    expect(setting("EnvironmentFile")).toEqual(["-/etc/leat/leatd.env"]);
    expect(page).toContain("`/etc/leat/leatd.env`");
  });

  // Units that are not installed can be judged since version 250.
  const [, version = "0"] =
    /^systemd (\d+)/.exec(spawnSync("systemd-analyze", ["--version"]).stdout?.toString()) ?? [];
  if (Number(version) < 250)
    console.warn("No systemd of version 250 here: its own check of the unit is skipped");
  it.runIf(Number(version) >= 250)("is one that systemd takes, and exposes little", () => {
    const verified = spawnSync("systemd-analyze", ["verify", "--man=no", UNIT], { encoding: "utf8" });
    expect(verified.stderr).not.toContain("leatd.service");
    expect(verified.status).toBe(0);
    // From 0, nothing, to 100.
    const exposed = ["security", "--offline=true", "--threshold=20", "--no-pager", UNIT];
    expect(spawnSync("systemd-analyze", exposed).status).toBe(0);
  });
});

describe("the image", () => {
  it("keeps its state in its volume, which the page mounts, as an ordinary user", () => {
    const volume = found(/^VOLUME (.*)$/m, image);
    expect(found(/^ENV LEAT_STATE=(.*)\/leatd\.db$/m, image)).toBe(volume);
    expect(image).toContain(`--owner node --group node --mode 700 ${volume}\nUSER node\n`);
    expect(page).toContain(`--volume leat:${volume}`);
  });

  it("is published at the port that leatd has by default", () => {
    const port = found(/^EXPOSE (.*)$/m, image);
    expect(helpText()).toContain(`Default ${port}`);
    expect(page).toContain(`--publish ${port}:${port}`);
  });

  it("is healthy where leatd answers, with TLS and without, and not where nobody does", async () => {
    const folder = temporaryFolder();
    const { certificateFile, keyFile } = await makeCertificates(`${folder}/tls`, { kind: "self" });
    const tls = { cert: readFileSync(certificateFile), key: readFileSync(keyFile) };
    const [plain, secure] = [await openServer(), await openServer({ tls })];
    expect(await Promise.all([healthAt(plain.url), healthAt(secure.url)])).toEqual([0, 0]);
    await plain.running.stop();
    expect(await healthAt(plain.url)).toBe(1);
  });
});

/** Exit code of the image's check, at the port of the URL. */
async function healthAt(url: string): Promise<number> {
  const [command, ...args] = JSON.parse(found(/^HEALTHCHECK .*?CMD (.*)$/m, image)) as string[];
  expect(command).toBe("node");
  const placed = args.map((argument) => argument.replace("8082", new URL(url).port));
  const [code] = await once(spawn(process.execPath, placed, { stdio: "ignore" }), "exit");
  return code as number;
}

const STRANGER = ["--user", "--map-user=61234", "--map-group=61234", "--"];
const canBeStranger = spawnSync("unshare", [...STRANGER, "true"]).status === 0;
if (!canBeStranger) console.warn("No user namespaces here: tests as a user without an entry are skipped");

describe.runIf(canBeStranger)("a user whom no list of users knows, without HOME", () => {
  const env = { HOME: undefined, XDG_STATE_HOME: undefined };

  async function run(...args: string[]) {
    const child = spawnLeatd(args, env, ["unshare", ...STRANGER]);
    const [stderr, [code]] = await Promise.all([text(child.stderr as never), once(child, "exit")]);
    return { code: code as number, stderr };
  }

  it("can run leatd, as a service manager does", async () => {
    expect(await run("--version")).toMatchObject({ code: 0 });
  });

  it("is told to name a place for the state", async () => {
    const { code, stderr } = await run("--port", "0");
    expect(code).toBe(2);
    expect(stderr).toContain("no home folder");
    expect(stderr).toContain("set LEAT_STATE");
  });
});
