import { HttpScheduler } from "@leat/scheduler/client";

// A worker in a process of its own, which tells when it could begin each task that it was given.

const [, , url = ""] = process.argv;
const worker = "waiting";
const client = new HttpScheduler({ urls: [url] });
process.once("disconnect", () => process.exit());
process.send?.("ready");
for (;;) {
  const { assignments } = await client.getWork({ worker, running: [] }, { waitMs: 20_000 });
  for (const { taskId, token } of assignments) {
    process.send?.({ taskId, atNs: String(process.hrtime.bigint()) });
    await client.report({ worker, taskId, token, outcome: "DONE" });
  }
}
