import { Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RedisServer, startRedis } from "../src/redis.ts";
import { describeServer } from "./describe-server.ts";

describeServer("redis")("Redis", () => {
  let server: RedisServer;
  beforeAll(async () => {
    server = await startRedis({ settings: { appendonly: "yes" } });
  });
  afterAll(() => server.stop());

  async function use<T>(work: (redis: Redis) => Promise<T>, from = server): Promise<T> {
    const { ca } = from;
    const redis = new Redis(from.url, {
      ...(ca && { tls: { ca } }),
      retryStrategy: () => null,
      lazyConnect: true,
    });
    redis.on("error", () => {});
    try {
      return await work(redis);
    } finally {
      redis.disconnect();
    }
  }

  it("answers, and keeps what a setting makes it keep over a crash", async () => {
    await use((redis) => redis.set("kept", "yes"));
    await server.kill();
    await expect(use((redis) => redis.get("kept"))).rejects.toThrow("Connection is closed");
    await server.restart();
    expect(await use((redis) => redis.get("kept"))).toBe("yes");
  });

  it("wants the password", async () => {
    const url = server.url.replace(server.password, "wrong");
    await expect(use((redis) => redis.ping(), { ...server, url })).rejects.toThrow(/WRONGPASS|NOAUTH|closed/);
  });

  it("speaks TLS with a certificate of its own authority", async () => {
    const secure = await startRedis({ tls: true });
    expect(await use((redis) => redis.ping(), secure)).toBe("PONG");
    const { ca, ...untrusting } = secure;
    expect(ca).toContain("BEGIN CERTIFICATE");
    await expect(use((redis) => redis.ping(), untrusting)).rejects.toThrow("Connection is closed");
    await secure.stop();
  });
});
