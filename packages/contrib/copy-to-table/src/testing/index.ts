export { copyToTableSuite } from "./copy-to-table-suite.ts";
export {
  type LoadCapabilities,
  type LoadSpec,
  type LoadWorkspace,
  makeLoad,
  runTask,
} from "./load-workspace.ts";
export { type MarkerCapabilities, type MarkerWorkspace, markerSuite } from "./marker-suite.ts";
export type { TestRunner, Workspace } from "./runner.ts";
