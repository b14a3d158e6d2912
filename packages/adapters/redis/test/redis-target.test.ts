import { randomUUID } from "node:crypto";
import { startTcpFaultProxy, type TcpFaultProxy } from "@leat/testkit";
import { describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { LeatError } from "@leat/core";
import { findMarkers, RedisTarget, type RedisTargetOptions } from "@leat/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const SECRET_FREE = /^((?!:[0-9a-f]{32}@|[0-9a-f]{32}).)*$/s;

describeWith("redis")("RedisTarget", () => {
  let url: string;
  let address: URL;
  let client: Redis;
  beforeAll(async () => {
    ({ url } = await testService("redis"));
    address = new URL(url);
    client = new Redis(url);
  });
  afterAll(() => client.disconnect());

  const marker = (id: string = randomUUID(), options: RedisTargetOptions = {}) =>
    new RedisTarget(id, { connection: url, ...options });

  async function failureOf(promise: Promise<unknown>): Promise<LeatError> {
    const error = await promise.then(
      () => expect.unreachable("it did not fail"),
      (thrown: unknown) => thrown,
    );
    expect(LeatError.is(error)).toBe(true);
    return error as LeatError;
  }

  describe("existence", () => {
    it("is false before and true after touch, also for another client", async () => {
      const target = marker();
      expect(await target.exists()).toBe(false);
      expect(await target.touch()).toBe(true);
      expect(await target.exists()).toBe(true);
      expect(await marker(target.updateId, { connection: client }).exists()).toBe(true);
    });

    it("ends with remove, which tells whether there was something to remove", async () => {
      const target = marker();
      await target.touch();
      expect(await target.remove()).toBe(true);
      expect(await target.exists()).toBe(false);
      expect(await target.remove()).toBe(false);
    });

    it("counts a marker that Luigi wrote", async () => {
      const target = marker();
      await client.hset(`luigi:${target.updateId}`, "update_id", target.updateId);
      await client.hset(`luigi:${target.updateId}`, "date", "2026-11-20 10:00:00");
      expect(await target.exists()).toBe(true);
      expect(await target.touch()).toBe(false);
    });

    it("is told for a thousand ids and more at once, as for each alone", async () => {
      const ids = Array.from({ length: 2500 }, () => randomUUID());
      const touched = ids.filter((_, index) => index % 3 === 0);
      await Promise.all(touched.map((id) => marker(id).touch()));
      expect(await findMarkers(ids, { connection: url })).toEqual(new Set(touched));
    });

    it.each(["", "A", "a", "ä", "a ", "a\n", "a\0b", "a'\"\\%{}*", "😀", "x".repeat(4096)])(
      "of %j is its own",
      async (id) => {
        const prefix = randomUUID();
        await marker(id, { prefix }).touch();
        expect(await client.keys(`${prefix}:*`)).toEqual([`${prefix}:${id}`]);
        expect(await marker(`${id}x`, { prefix }).exists()).toBe(false);
      },
    );

    it("is an error when the key holds something else, which stays as it is", async () => {
      const target = marker();
      await client.set(target.key, "precious");
      for (const operation of [() => target.exists(), () => target.touch(), () => target.remove()]) {
        expect(await failureOf(operation())).toMatchObject({ code: "TARGET_CONFLICT" });
      }
      expect(await client.get(target.key)).toBe("precious");
    });
  });

  it("agrees with itself where the user's settings put a prefix before all keys", async () => {
    const { hostname: host, port, password } = address;
    const connection = { host, port: Number(port), password, keyPrefix: `${randomUUID()}:` };
    const target = marker(randomUUID(), { connection });
    expect(await target.touch()).toBe(true);
    expect(await findMarkers([target.updateId], { connection })).toEqual(new Set([target.updateId]));
    expect(await marker(target.updateId).exists()).toBe(false);
    expect(await target.remove()).toBe(true);
    expect(await target.exists()).toBe(false);
  });

  describe("touch", () => {
    it("has one winner among many at once", async () => {
      const id = randomUUID();
      const clients = Array.from({ length: 8 }, () => new Redis(url));
      const wins = await Promise.all(clients.map((connection) => marker(id, { connection }).touch()));
      for (const each of clients) each.disconnect();
      expect(wins.filter(Boolean)).toHaveLength(1);
    });

    it("notes the time in UTC", async () => {
      const target = marker();
      await target.touch();
      const age = Date.now() - Date.parse((await client.hget(target.key, "date")) ?? "");
      expect(age).toBeGreaterThanOrEqual(0);
      expect(age).toBeLessThan(60_000);
    });
  });

  describe("expiry", () => {
    it("is set in the step that writes the marker, and set again by another touch", async () => {
      const target = marker(randomUUID(), { expirySeconds: 100 });
      await target.touch();
      expect(await client.ttl(target.key)).toBeGreaterThan(90);
      await client.expire(target.key, 5);
      await target.touch();
      expect(await client.ttl(target.key)).toBeGreaterThan(90);
    });

    it("is never missing, wherever the connection is cut while the marker is written", async () => {
      let written = 0;
      for (let afterBytes = 0; afterBytes < 1500; afterBytes += 50) {
        const proxy = await startTcpFaultProxy({ port: Number(address.port) });
        proxy.setFaults({ cut: { direction: "upstream", afterBytes, times: 1 } });
        const { host, port } = proxy;
        const connection = { host, port, password: address.password };
        const target = marker(randomUUID(), { connection, expirySeconds: 100 });
        await target.touch().catch(() => undefined);
        const seconds = await client.ttl(target.key);
        if (await marker(target.updateId).exists()) written++;
        // -2 says that there is no key, -1 that it has no expiry.
        expect(seconds === -2 || seconds > 90, `${seconds} s after a cut at ${afterBytes}`).toBe(true);
        proxy.close();
      }
      expect(written).toBeGreaterThan(0);
    });

    it("is taken away by a touch without one", async () => {
      const target = marker(randomUUID(), { expirySeconds: 100 });
      await target.touch();
      await marker(target.updateId).touch();
      expect(await client.ttl(target.key)).toBe(-1);
    });

    it("ends the marker", async () => {
      const target = marker(randomUUID(), { expirySeconds: 100 });
      await target.touch();
      await client.pexpireat(target.key, Date.now() - 1);
      expect(await target.exists()).toBe(false);
    });

    it.each([0, -1, 1.5, Number.NaN])("of %s seconds is refused", (expirySeconds) => {
      expect(() => marker("x", { expirySeconds })).toThrow(/expiry/);
    });
  });

  describe("failures are told, within the deadline and without secrets", () => {
    const host = "127.0.0.1";

    it("wrong password", async () => {
      const connection = url.replace(address.password, "wrong");
      const error = await failureOf(marker("x", { connection }).exists());
      expect(error).toMatchObject({ code: "TARGET_FORBIDDEN" });
      expect(String(error)).not.toContain("wrong");
    });

    it("no password", async () => {
      const connection = { host, port: Number(address.port) };
      expect(await failureOf(marker("x", { connection }).exists())).toMatchObject({
        code: "TARGET_FORBIDDEN",
      });
    });

    it("a database index that the server does not have", async () => {
      const error = await failureOf(marker("x", { connection: `${url}/99` }).touch());
      expect(error).toMatchObject({ code: "TARGET_NOT_FOUND" });
      expect(await client.exists("luigi:x")).toBe(0);
    });

    it("no server", async () => {
      const proxy = await startTcpFaultProxy({ port: Number(address.port) });
      proxy.refuseConnections();
      const error = await failureOf(marker("x", through(proxy)).exists());
      expect(error).toMatchObject({ code: "TARGET_UNAVAILABLE", retryable: true });
      expect(inspectable(error)).toMatch(SECRET_FREE);
      proxy.close();
    });

    it("a server that accepts and never answers", async () => {
      const proxy = await startTcpFaultProxy({ port: Number(address.port) }, { blackHole: "both" });
      const { connection } = through(proxy);
      const error = await failureOf(
        marker("x", { connection: { ...connection, connectTimeout: 300, commandTimeout: 300 } }).exists(),
      );
      expect(error).toMatchObject({ code: "TARGET_TIMEOUT", retryable: true });
      proxy.close();
    });

    it("a connection that is cut; the next use opens another one", async () => {
      const proxy = await startTcpFaultProxy({ port: Number(address.port) });
      const target = marker(randomUUID(), through(proxy));
      await target.touch();
      proxy.cutAll();
      await target.exists().catch(() => undefined);
      expect(await target.exists()).toBe(true);
      proxy.close();
    });

    it("an aborted signal, with its reason", async () => {
      const proxy = await startTcpFaultProxy({ port: Number(address.port) }, { blackHole: "both" });
      const abort = new AbortController();
      const pending = marker("x", through(proxy)).exists({ signal: abort.signal });
      abort.abort(new Error("no longer wanted"));
      await expect(pending).rejects.toThrow("no longer wanted");
      proxy.close();
    });

    it("a client of the user's own that has ended", async () => {
      const ended = new Redis(url);
      await ended.quit();
      const error = await failureOf(marker("x", { connection: ended }).exists());
      expect(error).toMatchObject({ code: "TARGET_UNAVAILABLE" });
    });

    it("nothing to connect to", async () => {
      const error = await failureOf(new RedisTarget("x", { connection: "" }).exists());
      expect(error).toMatchObject({ code: "OPTION_INVALID" });
    });

    function through(proxy: TcpFaultProxy) {
      return {
        connection: { host: proxy.host, port: proxy.port, password: address.password },
      };
    }

    function inspectable(error: LeatError): string {
      return `${error} ${JSON.stringify(error)} ${JSON.stringify(error.cause)}`;
    }
  });

  it("a client of the user's own is used and left open", async () => {
    await marker(randomUUID(), { connection: client }).touch();
    expect(await client.ping()).toBe("PONG");
  });

  it("the string form is the key, without the connection", () => {
    expect(`${marker("done")}`).toBe("luigi:done");
  });
});
