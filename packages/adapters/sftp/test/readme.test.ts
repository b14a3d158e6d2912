import { readFileSync } from "node:fs";
import { SftpFileSystem } from "@leat/sftp";
import { expect, it } from "vitest";

const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");

it("the README lists what allowReplaceGap changes", () => {
  const [plain, gap] = [false, true].map(
    (allowReplaceGap) =>
      new SftpFileSystem({ connection: "sftp://etl@example.org", allowReplaceGap }).capabilities,
  );
  const rows = [...readme.matchAll(/^\| `(\w+)` \| yes; no with `allowReplaceGap`/gm)];
  const changes = Object.fromEntries(rows.map(([, name]) => [name, false]));
  expect(gap).toEqual({ ...plain, ...changes });
  expect(gap).not.toEqual(plain);
});
