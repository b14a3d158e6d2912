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

it("tells OpenTelemetry of each run, with its attempts in it, when its worker is gone", async () => {
  const exporter = openExporter();
  const clock = new ManualClock();
  const server = await openServer({ clock: clock.read, config: { workerTimeoutSeconds: 60 } });
  await server.command("registerWorker", { worker, info: { host: "h1" } });
  await server.command("addTasks", { worker, tasks: [{ taskId: "A" }, { taskId: "B" }] });
  const { assignments } = await server.command("getWork", { worker });
  clock.pass(5);
  const { taskId, token } = assignments[0];
  await server.command("report", { worker, taskId, token, outcome: "DONE" });
  await server.command("getWork", { worker });
  clock.pass(100);
  await server.command("heartbeat", { worker: "other" });
  const [done, lost, run] = exporter.getFinishedSpans();
  expect(run).toMatchObject({
    name: "run",
    attributes: { "leat.worker": "w", "leat.run.host": "h1" },
    startTime: [clock.ms / 1000 - 105, 0],
    endTime: [clock.ms / 1000 - 40, 0],
  });
  expect(lost).toMatchObject({ attributes: { "leat.task.id": "B", "leat.reason": "worker lost" } });
  const parents = [done, lost].map((span) => span?.parentSpanContext?.spanId);
  expect(parents).toEqual([run?.spanContext().spanId, run?.spanContext().spanId]);
});

it("tells only what names a task, an attempt and a worker: no parameters, labels, owners or words of an operator", async () => {
  const exporter = openExporter();
  const server = await openServer();
  const secret = "s3cret";
  const task = { taskId: "A", family: "F", params: { p: secret }, label: secret, owners: [secret] };
  await server.command("addTasks", { worker, tasks: [task] });
  const { assignments } = await server.command("getWork", { worker });
  const { taskId, token } = assignments[0];
  await server.command("updateRun", { worker, taskId, token, statusMessage: secret, trackingUrl: secret });
  await server.command("appendLog", { worker, taskId, token, text: secret });
  await server.command("report", { worker, taskId, token, outcome: "DONE", made: { outputs: [secret] } });
  const [span] = exporter.getFinishedSpans();
  expect(span?.attributes).toEqual({
    "leat.task.id": "A",
    "leat.task.family": "F",
    "leat.attempt.token": token,
    "leat.worker": worker,
    "leat.outcome": "DONE",
    "leat.reason": "reported",
  });
  expect(JSON.stringify([span?.name, span?.status, span?.events])).not.toContain(secret);
});
