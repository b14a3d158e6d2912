import { type RedisServer, startRedis } from "@leat-internal/dev-servers";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { findMarkers, RedisTarget } from "@leat/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";

describeWithOwn("redis")("A server that no other test uses", () => {
  let server: RedisServer;
  let client: Redis;
  beforeAll(async () => {
    server = await startRedis();
    client = new Redis(server.url);
  });
  afterAll(async () => {
    client.disconnect();
    await server.stop();
  });

  async function readsOfServer(): Promise<number> {
    return Number(/total_reads_processed:(\d+)/.exec(await client.info("stats"))?.[1]);
  }

  it("is asked for a thousand markers in a few messages, not in a thousand", async () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `id ${index}`);
    const before = await readsOfServer();
    expect(await findMarkers(ids, { connection: server.url })).toEqual(new Set());
    expect((await readsOfServer()) - before).toBeLessThan(200);
  });

  it("that holds something else under one of many keys is an error", async () => {
    await client.set("luigi:b", "precious");
    await expect(findMarkers(["a", "b", "c"], { connection: server.url })).rejects.toMatchObject({
      code: "TARGET_CONFLICT",
    });
  });

  it("that cannot be reached is an error of all that ask at once", async () => {
    const connection = "redis://:hidden@127.0.0.1:1";
    const targets = Array.from({ length: 20 }, (_, index) => new RedisTarget(`${index}`, { connection }));
    const ends = await Promise.allSettled(targets.map((target) => target.exists()));
    expect(ends.map((end) => end.status === "rejected" && end.reason.code)).toEqual(
      targets.map(() => "TARGET_UNAVAILABLE"),
    );
  });

  it("that needs no password takes one, and holds the marker", async () => {
    await client.config("SET", "requirepass", "");
    const target = new RedisTarget("free", { connection: server.url });
    expect(await target.touch()).toBe(true);
    expect(await client.exists(target.key)).toBe(1);
  });
});
