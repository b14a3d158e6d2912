export { copyToTableSuite } from "./copy-to-table-suite.ts";
export type { CrashLoad, CrashMode, CrashWorkspace, ProxiedWorkspace } from "./crash-loads.ts";
export { type ExactlyOnceOptions, exactlyOnceSuite } from "./exactly-once-suite.ts";
export { type FenceOptions, fenceSuite, type FenceWorkspace, type OwnTransaction } from "./fence-suite.ts";
export { serveLoads } from "./load-server.ts";
export {
  type LoadCapabilities,
  type LoadSpec,
  type LoadWorkspace,
  makeLoad,
  runTask,
} from "./load-workspace.ts";
export type { MessageLength } from "./message-proxy.ts";
export type { TestRunner, Workspace } from "./runner.ts";
export { loadInZone, type ZoneTypes, zoneSuite, type ZoneWorkspace } from "./zone-suite.ts";
