import { spawnSync } from "node:child_process";
import { LUIGI_VERSION } from "@leat-internal/dev-servers";

const TOOLS: Readonly<Record<string, readonly string[]>> = {
  python3: ["--version"],
  psql: ["--version"],
  mariadb: ["--version"],
  curl: ["--version"],
  ssh: ["-V"],
  make: ["--version"],
};

/** What Leat is compared with: `Luigi 3.8.1, Python 3.11.2, …`. */
export function versions(): string {
  return [
    `Luigi ${LUIGI_VERSION}`,
    ...Object.entries(TOOLS).map(([tool, args]) => versionOf(tool, args)),
  ].join(", ");
}

/** The name of a program and its version, from the first line that it prints. */
function versionOf(tool: string, args: readonly string[]): string {
  const { stdout, stderr } = spawnSync(tool, [...args], { encoding: "utf8" });
  const [line = ""] = `${stdout ?? ""}${stderr ?? ""}`.split("\n");
  const [version] = /\d+(\.\d+)*[\w.-]*/.exec(line.replace(/Ver \d+\.\d+ Distrib /, "")) ?? [];
  return version === undefined ? `no ${tool}` : `${tool} ${version}`;
}
