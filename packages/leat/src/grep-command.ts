import { Configuration, UsageError, useConfiguration } from "@leat/core";
import { withoutControls } from "@leat/worker";
import type { Program } from "./command.ts";
import { loadConfiguration } from "./configuration.ts";
import { countFlag, type Flag, type ParsedFlags, parseFlags, refuseExtra, switchFlag } from "./flags.ts";
import { COMMON_FLAGS, commandHelp, isHelpWanted, showHelp } from "./help.ts";
import { placeInForce, readScheduler, type SchedulerPlace } from "./scheduler-read.ts";
import { PLACE_SETTINGS, settingFlags, settingsLayer } from "./settings.ts";

const STATUSES = ["PENDING", "RUNNING", "BATCH_RUNNING", "DONE", "FAILED", "DISABLED", "UNKNOWN"];

const FLAGS: readonly Flag[] = [
  ...settingFlags(PLACE_SETTINGS),
  { name: "status", placeholder: "STATUS,…", description: `Only tasks of these: ${STATUSES.join(", ")}.` },
  { name: "family", placeholder: "TASK,…", description: "Only tasks of these names." },
  { name: "limit", placeholder: "N", description: "Most tasks that are shown. Default 100." },
  { name: "json", description: "Print JSON instead of text." },
];

const ALL_FLAGS = [...FLAGS, ...COMMON_FLAGS];

/** `leat grep [TEXT]`: tasks of a scheduler whose name or id has all words of a text, and what they require. */
export const grep: Program = { flags: FLAGS, execute };

async function execute(args: readonly string[]): Promise<number> {
  const parsed = parseFlags(args, ALL_FLAGS);
  if (isHelpWanted(parsed)) {
    showHelp(commandHelp("grep [TEXT]", parsed, ALL_FLAGS));
    return 0;
  }
  refuseExtra(parsed, 1, "Put several words into quotes.");
  const path = `/api/v1/tasks?${queryOf(parsed)}`;
  const place = await placeOf(parsed);
  const page = (await readScheduler(place, path)) as Page;
  const nodes = await Promise.all(
    page.tasks.map(async (task) => ({ ...task, requires: await requiredBy(task, place) })),
  );
  if (switchFlag(parsed, "json")) showHelp([JSON.stringify(nodes, null, 2)]);
  else for (const node of nodes) showHelp(asText(node));
  const hidden = page.total - nodes.length;
  if (hidden > 0) process.stderr.write(`${hidden} more. Give a greater --limit.\n`);
  return 0;
}

/** What is read of leatd's answers. */
interface Page {
  readonly tasks: readonly FoundTask[];
  readonly total: number;
}

interface FoundTask {
  readonly taskId: string;
  readonly status: string;
}

interface Found extends FoundTask {
  readonly requires: readonly FoundTask[];
}

function queryOf(parsed: ParsedFlags): URLSearchParams {
  const query = new URLSearchParams({ limit: String(Math.min(countFlag(parsed, "limit", 100), 1000)) });
  const [text] = parsed.positionals;
  if (text !== undefined) query.set("search", text);
  for (const status of parsed.values.get("status")?.split(",") ?? [])
    query.append("status", statusOf(status));
  for (const family of parsed.values.get("family")?.split(",") ?? []) query.append("family", family);
  return query;
}

function statusOf(text: string): string {
  const status = text.toUpperCase();
  if (STATUSES.includes(status)) return status;
  const message = `--status does not accept ${JSON.stringify(text)}. Give some of ${STATUSES.join(", ")}.`;
  throw new UsageError("FLAG_INVALID", message);
}

async function placeOf(parsed: ParsedFlags): Promise<SchedulerPlace> {
  const files = await loadConfiguration();
  useConfiguration(new Configuration([...files.layers, settingsLayer(parsed, PLACE_SETTINGS)]));
  const place = placeInForce();
  if (place !== undefined) return place;
  throw new UsageError(
    "FLAG_INVALID",
    "leat grep needs a scheduler to ask. Give its URL: leat grep --scheduler URL.",
  );
}

async function requiredBy({ taskId }: FoundTask, place: SchedulerPlace): Promise<FoundTask[]> {
  const path = `/api/v1/tasks/${encodeURIComponent(taskId)}/graph?direction=up&depth=1`;
  const { nodes } = (await readScheduler(place, path)) as { nodes: readonly FoundTask[] };
  return nodes
    .filter((node) => node.taskId !== taskId)
    .map(({ taskId: id, status }) => ({ taskId: id, status }));
}

function asText({ taskId, status, requires }: Found): string[] {
  const required = requires.map((task) => `  requires ${withoutControls(task.taskId)}: ${task.status}`);
  return [`${withoutControls(taskId)}: ${status}`, ...required];
}
