// The process that `runUntilKilled` starts and kills.
import type { ChildModule, FileStoreClient } from "./file-workspace.ts";
import type { ChildReport, ChildScenario } from "./child-process.ts";
import { MIB, pattern } from "./file-suite/tools.ts";

type Order = ChildScenario & ChildModule;
type OpenClient = (argument: string) => FileStoreClient | Promise<FileStoreClient>;

const order = JSON.parse(process.argv[2] as string) as Order;
const module = (await import(String(order.url))) as Record<string, OpenClient>;
const open = module[order.exportName] as OpenClient;
const client = await open(order.argument);
const writer = await client.fileSystem.openWrite(client.target(order.path).path);
const report: ChildReport = { bytes: 20 * MIB };
for (let written = 0; written < report.bytes; written += MIB) await writer.write(pattern(MIB));
if (order.scenario === "commit") await writer.commit();
process.send?.(report);
// Lives until it is killed.
setInterval(() => undefined, 60_000);
