import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { expect, it } from "vitest";
import { knownKeys } from "../src/known-hosts.ts";

const KEY = "AAAAC3NzaC1lZDI1NTE5AAAAIEQ0";
const OTHER = "AAAAC3NzaC1lZDI1NTE5AAAAIOth";

const trusted = (text: string, host: string, port = 22): string[] =>
  knownKeys(text, host, port).trusted.map(({ key }) => key);

it.each([
  ["example.org ssh-ed25519 KEY", "example.org", 22],
  ["example.org ssh-ed25519 KEY a comment", "EXAMPLE.org", 22],
  ["  example.org\tssh-ed25519\tKEY\r", "example.org", 22],
  ["one.org,example.org,10.0.0.1 ssh-ed25519 KEY", "10.0.0.1", 22],
  ["[example.org]:2222 ssh-ed25519 KEY", "example.org", 2222],
  ["*.example.org ssh-ed25519 KEY", "a.b.example.org", 22],
  ["host-? ssh-ed25519 KEY", "host-1", 22],
  ["*.example.org,!bad.example.org ssh-ed25519 KEY", "good.example.org", 22],
  ["# a comment\n\nexample.org ssh-ed25519 KEY", "example.org", 22],
  ["::1 ssh-ed25519 KEY", "::1", 22],
])("the line %j is about %s port %i", (line, host, port) => {
  expect(trusted(line.replace("KEY", KEY), host, port)).toEqual([KEY]);
});

it.each([
  ["example.org ssh-ed25519 KEY", "example.org", 2222],
  ["[example.org]:2222 ssh-ed25519 KEY", "example.org", 22],
  ["example.org ssh-ed25519 KEY", "a.example.org", 22],
  ["a.example.org ssh-ed25519 KEY", "axexample.org", 22],
  ["*.example.org ssh-ed25519 KEY", "example.org", 22],
  ["*.example.org,!bad.example.org ssh-ed25519 KEY", "bad.example.org", 22],
  ["#example.org ssh-ed25519 KEY", "example.org", 22],
  ["@cert-authority example.org ssh-ed25519 KEY", "example.org", 22],
  ["example.org ssh-ed25519", "example.org", 22],
])("the line %j is not about %s port %i", (line, host, port) => {
  expect(trusted(line.replace("KEY", KEY), host, port)).toEqual([]);
});

it("all keys of a host are known, and those that are revoked", () => {
  const text = `a ssh-ed25519 ${KEY}\na ssh-ed25519 ${OTHER}\n@revoked a ssh-ed25519 ${KEY}`;
  const { trusted: all, revoked } = knownKeys(text, "a", 22);
  expect(all.map(({ key }) => key)).toEqual([KEY, OTHER]);
  expect(revoked).toMatchObject([{ type: "ssh-ed25519", key: KEY }]);
});

// OpenSSH's server comes with ssh-keygen.
describeWithOwn("sftp")("names that ssh-keygen has hashed", () => {
  it("are found", () => {
    const directory = mkdtempSync(join(tmpdir(), "leat-hosts-"));
    const file = join(directory, "known_hosts");
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(directory, "key")]);
    const key = readFileSync(join(directory, "key.pub"), "utf8");
    writeFileSync(file, `example.org ${key}[example.org]:2222 ${key}`);
    execFileSync("ssh-keygen", ["-H", "-f", file], { stdio: "ignore" });
    const hashed = readFileSync(file, "utf8");
    rmSync(directory, { recursive: true });
    expect(hashed).not.toContain("example");
    expect(trusted(hashed, "example.org")).toEqual([key.split(" ")[1]]);
    expect(trusted(hashed, "example.org", 2222)).toEqual([key.split(" ")[1]]);
    expect(trusted(hashed, "example.com")).toEqual([]);
  });
});
