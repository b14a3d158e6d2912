import { randomUUID } from "node:crypto";
import { type ServerAndBucket, onEachServer } from "./on-each-server.ts";
import { S3FileSystem, S3FlagTarget, S3FlagTask, S3PathTask } from "@leat/s3";
import { expect, it } from "vitest";
import { settingsFor } from "./s3-workspace.ts";

onEachServer("a directory with a flag", (at) => {
  const target = (flag?: string) =>
    new S3FlagTarget(`s3://${at.bucket}/${randomUUID()}/`, {
      fileSystem: storeOf(at),
      ...(flag === undefined ? {} : { flag }),
    });

  it.each([undefined, "done.flag"])("exists once the flag %s is there", async (flag) => {
    const directory = target(flag);
    await directory.file("part-0.txt").writeText("a");
    expect(await directory.exists()).toBe(false);
    await directory.touch();
    expect(await directory.exists()).toBe(true);
    expect(`${directory.flag}`).toBe(`${directory}${flag ?? "_SUCCESS"}`);
    expect(await directory.remove()).toBe(true);
    expect(await directory.file("part-0.txt").exists()).toBe(false);
    expect(await directory.remove()).toBe(false);
  });

  it("is no path of an object", () => {
    expect(() => new S3FlagTarget(`s3://${at.bucket}/a`)).toThrow(/slash at its end/);
  });

  it("and an object can be made by others: tasks that wait for them", async () => {
    class Plays extends S3PathTask {
      override get fileSystem() {
        return storeOf(at);
      }
    }
    class Export extends S3FlagTask {
      override get fileSystem() {
        return storeOf(at);
      }
    }
    const place = `s3://${at.bucket}/${randomUUID()}/`;
    const [plays, exported] = [new Plays({ path: `${place}plays.tsv` }), new Export({ path: place })];
    expect([plays.isExternal, exported.isExternal]).toEqual([true, true]);
    expect(await plays.complete()).toBe(false);
    await plays.output().writeText("a");
    expect(await plays.complete()).toBe(true);
    expect(await exported.complete()).toBe(false);
    await exported.output().touch();
    expect(await exported.complete()).toBe(true);
  });
});

function storeOf(at: ServerAndBucket): S3FileSystem {
  return new S3FileSystem({ connection: settingsFor(at.server) });
}
