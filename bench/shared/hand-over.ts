import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { HttpScheduler } from "@leat/scheduler/client";
import { ended } from "./leatd.ts";

const WAITING = fileURLToPath(new URL("waiting-worker.ts", import.meta.url));

/** Milliseconds from the report of a task to the beginning of one that requires it, in another process; a figure a round. */
export async function handOverMs(url: string, rounds: number): Promise<number[]> {
  const client = new HttpScheduler({ urls: [url] });
  const child = fork(WAITING, [url]);
  await once(child, "message");
  const worker = "reporting";
  const delays: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [parent, after] = [`parent-${round}`, `child-${round}`];
    await client.addTasks({ worker, tasks: [{ taskId: parent }] });
    await client.addTasks({ worker: "waiting", tasks: [{ taskId: after, deps: [parent] }] });
    const { assignments } = await client.getWork({ worker, running: [] });
    const token = assignments[0]?.token ?? "";
    const begun = once(child, "message") as Promise<[{ atNs: string }]>;
    const reportedAt = process.hrtime.bigint();
    await client.report({ worker, taskId: parent, token, outcome: "DONE" });
    const [{ atNs }] = await begun;
    delays.push(Number(BigInt(atNs) - reportedAt) / 1e6);
  }
  client.close();
  await ended(child, () => child.disconnect());
  return delays;
}
