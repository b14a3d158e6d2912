import { readFile } from "node:fs/promises";
import { S3FileSystem } from "@leat/s3";
import { expect, it } from "vitest";

const README = new URL("../README.md", import.meta.url);

it("the capabilities in the README are those that are declared", async () => {
  const credentials = { accessKeyId: "a", secretAccessKey: "b" };
  const aws = new S3FileSystem({ connection: { region: "eu-west-1", credentials } });
  const other = new S3FileSystem({ connection: { endpoint: "https://s3.example.org", credentials } });
  const declared = Object.entries(aws.capabilities).map(([name, onAws]) => {
    return [name, String(onAws), String(other.capabilities[name as keyof typeof other.capabilities])];
  });
  const rows = [...(await readFile(README, "utf8")).matchAll(/^\| `(\w+)` \| (\w+) \| (\w+) \|$/gm)];
  expect(rows.map(([, ...cells]) => cells)).toEqual(declared);
});
