import { readFileSync } from "node:fs";
import { FtpFileSystem } from "@leat/ftp";
import { expect, it } from "vitest";

it("declares the capabilities that the README lists", () => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const rows = [...readme.matchAll(/^\| `(\w+)` \| (yes|no) \|$/gm)];
  const listed = Object.fromEntries(rows.map(([, name, answer]) => [name, answer === "yes"]));
  expect(listed).toEqual(new FtpFileSystem({ host: "localhost" }).capabilities);
});
