import { Scheduler } from "@leat/scheduler";

const scheduler = new Scheduler({ resources: { database: 2 } });
let now = Date.parse("2026-11-20T06:00:00Z");

const report = { taskId: "Report", deps: ["Load"], priority: 5 };
const load = { taskId: "Load", resources: { database: 1 } };
scheduler.addTasks({ worker: "w1", tasks: [report, load] }, now);

export const order: string[] = [];
for (;;) {
  const [next] = scheduler.getWork({ worker: "w1" }, now).assignments;
  if (next === undefined) break;
  order.push(next.taskId); // Here a worker would run it.
  now += 1000;
  scheduler.report({ worker: "w1", taskId: next.taskId, token: next.token, outcome: "DONE" }, now);
}
