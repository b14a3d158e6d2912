import { type RedisServer, startRedis } from "@leat-internal/dev-servers";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { RedisTarget, type RedisConnection } from "@leat/redis";
import { afterAll, beforeAll, expect, it } from "vitest";

let server: RedisServer;

describeWithOwn("redis")("TLS", () => {
  beforeAll(async () => {
    server = await startRedis({ tls: true });
  });
  afterAll(() => server.stop());

  const exists = (connection: RedisConnection): Promise<boolean> =>
    new RedisTarget("a", { connection }).exists();
  const settings = () => ({ host: "localhost", port: server.port, password: server.password });

  it("is used when the server proves its name by an authority that is trusted", async () => {
    expect(await exists({ ...settings(), tls: { ca: server.ca as string } })).toBe(false);
    expect(await exists({ ...settings(), host: "127.0.0.1", tls: { ca: server.ca as string } })).toBe(false);
  });

  it("refuses a server that an unknown authority vouches for, by URL and by settings", async () => {
    for (const connection of [server.url, { ...settings(), tls: {} }]) {
      await expect(exists(connection)).rejects.toMatchObject({
        code: "TARGET_FORBIDDEN",
        message: expect.stringMatching(/certificate/) as string,
      });
    }
  });

  it("refuses a certificate for another name", async () => {
    const tls = { ca: server.ca as string, servername: "redis.example" };
    await expect(exists({ ...settings(), tls })).rejects.toMatchObject({ code: "TARGET_FORBIDDEN" });
  });

  it("is not left out when the server wants it", async () => {
    const error = await exists({ ...settings(), connectTimeout: 1000, commandTimeout: 1000 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({ retryable: true });
    expect(String(error)).not.toContain(server.password);
  });
});
