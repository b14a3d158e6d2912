import { describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { findMarkers, RedisTarget } from "@leat/redis";
import { markerSuite, type MarkerWorkspace, startTcpFaultProxy } from "@leat/testkit";
import { Redis } from "ioredis";
import { randomUUID } from "node:crypto";
import { describe, it } from "vitest";

async function openMarkers(): Promise<MarkerWorkspace> {
  const { url } = await testService("redis");
  const connection = new Redis(url);
  const { hostname: host, port, password } = new URL(url);
  const wrong = url.replace(password, "hidden-two");
  const prefix = randomUUID();
  const proxy = await startTcpFaultProxy({ port: Number(port) }, { blackHole: "both" });
  // By this name its connections are told from those of other tests.
  const named = { host, port: Number(port), password, connectionName: prefix };
  const key = (updateId: string): string => `${prefix}:${updateId}`;
  return {
    capabilities: RedisTarget.capabilities,
    target: (updateId) => new RedisTarget(updateId, { connection: named, prefix }),
    elsewhere: (updateId) => new RedisTarget(updateId, { connection: url, prefix: `{${prefix}}` }),
    findMarkers: (updateIds) => findMarkers(updateIds, { connection: url, prefix }),
    unreachable: () => new RedisTarget("a", { connection: "redis://:hidden-one@127.0.0.1:1" }),
    silent: async () => {
      const deadlines = { connectTimeout: 1000, commandTimeout: 1000 };
      return new RedisTarget("a", {
        connection: { host: proxy.host, port: proxy.port, password, ...deadlines },
      });
    },
    forbidden: () => new RedisTarget("a", { connection: wrong }),
    secrets: ["hidden-one", "hidden-two", password],
    async openConnections() {
      const clients = (await connection.client("LIST")) as string;
      return clients.split("\n").filter((line) => line.includes(` name=${prefix} `)).length;
    },
    putSomethingElse: async (updateId) => void (await connection.set(key(updateId), "precious")),
    async age(updateId) {
      const [seconds = 0] = await connection.time();
      const date = await connection.hget(key(updateId), "date");
      return (seconds ?? Number.NaN) - Date.parse(date ?? "") / 1000;
    },
    expiring: {
      target: (updateId, expirySeconds) =>
        new RedisTarget(updateId, { connection: url, prefix, expirySeconds }),
      async secondsLeft(updateId) {
        const seconds = await connection.ttl(key(updateId));
        return seconds < 0 ? undefined : seconds;
      },
      expireNow: async (updateId) => void (await connection.pexpireat(key(updateId), Date.now() - 1)),
    },
    async dispose() {
      proxy.close();
      connection.disconnect();
    },
  };
}

describeWith("redis")("A marker of Redis", () => {
  markerSuite({ describe, it }, "RedisTarget", openMarkers);
});
