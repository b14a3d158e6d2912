import { trace } from "@opentelemetry/api";
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from "@opentelemetry/sdk-trace-base";
import { expect, it, onTestFinished } from "vitest";
import { ManualClock, openServer } from "./support.ts";

/** What an operator's SDK is told. */
function openExporter(): InMemorySpanExporter {
  const exporter = new InMemorySpanExporter();
  const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
  trace.setGlobalTracerProvider(provider);
  onTestFinished(() => trace.disable());
  return exporter;
}

const worker = "w";

it("tells OpenTelemetry of each attempt, with its times and its error", async () => {
  const exporter = openExporter();
  const clock = new ManualClock();
  const server = await openServer({ clock: clock.read });
  await server.command("addTasks", {
    worker,
    tasks: [{ taskId: "A", family: "Load", priority: 1 }, { taskId: "B" }],
  });
  for (const [taskId, outcome] of [
    ["A", "DONE"],
    ["B", "FAILED"],
  ]) {
    const { assignments } = await server.command("getWork", { worker });
    clock.pass(5);
    const { token } = assignments[0];
    await server.command("report", { worker, taskId, token, outcome, explanation: "no luck" });
  }
  const [done, failed] = exporter.getFinishedSpans();
  expect(done).toMatchObject({
    name: "Load",
    startTime: [clock.ms / 1000 - 10, 0],
    endTime: [clock.ms / 1000 - 5, 0],
    attributes: { "leat.task.id": "A", "leat.worker": "w", "leat.outcome": "DONE" },
    status: { code: 0 },
  });
  expect(failed).toMatchObject({ name: "task", status: { code: 2, message: "no luck" } });
});
