import { randomUUID } from "node:crypto";
import { type RedisServer, startRedis } from "@leat-internal/dev-servers";
import { describeWithOwn } from "@leat-internal/dev-servers/vitest";
import { findMarkers, RedisTarget } from "@leat/redis";
import { Cluster, Redis } from "ioredis";
import { afterAll, beforeAll, expect, it } from "vitest";

const NODES = 3;
const PASSWORD = "of-all-nodes";
/** https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/ */
const SLOTS = 16_384;

/** Each server holds a third of the keys. Clients use one password for all. */
async function joinNodes(nodes: readonly Redis[], servers: readonly RedisServer[]): Promise<void> {
  for (const [index, node] of nodes.entries()) {
    await node.config("SET", "requirepass", PASSWORD);
    const from = Math.ceil((index * SLOTS) / NODES);
    const to = Math.ceil(((index + 1) * SLOTS) / NODES) - 1;
    await node.cluster("ADDSLOTSRANGE", from, to);
    for (const { host, port } of servers) await node.cluster("MEET", host, port);
  }
  for (const node of nodes) {
    while (!(await node.cluster("INFO")).includes("cluster_state:ok")) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describeWithOwn("redis")(`A cluster of ${NODES}`, () => {
  let servers: readonly RedisServer[] = [];
  let nodes: readonly Redis[] = [];
  let connection: Cluster | undefined;
  beforeAll(async () => {
    const settings = { "cluster-enabled": "yes" };
    servers = await Promise.all(Array.from({ length: NODES }, () => startRedis({ settings })));
    nodes = servers.map(({ host, port, password }) => new Redis({ host, port, password }));
    await joinNodes(nodes, servers);
    const seeds = servers.map(({ host, port }) => ({ host, port }));
    connection = new Cluster(seeds, { redisOptions: { password: PASSWORD } });
  });
  afterAll(async () => {
    connection?.disconnect();
    for (const node of nodes) node.disconnect();
    for (const server of servers) await server.stop();
  });

  const keysOfNodes = (pattern: string): Promise<number[]> =>
    Promise.all(nodes.map(async (node) => (await node.keys(pattern)).length));

  it("holds markers on all nodes, and finds them alone and many at once", async () => {
    const prefix = randomUUID();
    const ids = Array.from({ length: 300 }, (_, index) => `id ${index}`);
    const there = ids.filter((_, index) => index % 3 === 0);
    const marker = (id: string): RedisTarget =>
      new RedisTarget(id, { connection, prefix, expirySeconds: 100 });
    expect(await Promise.all(there.map((id) => marker(id).touch()))).toEqual(there.map(() => true));
    expect(await findMarkers(ids, { connection, prefix })).toEqual(new Set(there));
    expect(await marker("id 0").exists()).toBe(true);
    expect(await marker("id 0").remove()).toBe(true);
    expect(await marker("id 0").exists()).toBe(false);
    for (const count of await keysOfNodes(`${prefix}:*`)) expect(count).toBeGreaterThan(0);
  });

  it("holds all markers of a prefix in braces on one node", async () => {
    const prefix = `{${randomUUID()}}`;
    const ids = Array.from({ length: 30 }, (_, index) => `id ${index}`);
    await Promise.all(ids.map((id) => new RedisTarget(id, { connection, prefix }).touch()));
    const counts = await keysOfNodes(`${prefix}:*`);
    expect(counts.toSorted((a, b) => a - b)).toEqual([0, 0, 30]);
    expect(await findMarkers(ids, { connection, prefix })).toEqual(new Set(ids));
  });
});
