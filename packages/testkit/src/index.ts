export { FILE_NAMES } from "./file-suite/names.ts";
export { fileTargetSuite, type FoundCapabilities } from "./file-target-suite.ts";
export type {
  ChildModule,
  ConnectionCut,
  CuttableFileStoreClient,
  ExtraFileStoreClient,
  FileStoreClient,
  FileStoreFaults,
  FileWorkspace,
  StallableFileStoreClient,
} from "./file-workspace.ts";
export { markerSuite } from "./marker-suite.ts";
export type {
  ExpiringMarkers,
  MarkerCapabilities,
  MarkerTarget,
  MarkerTransaction,
  MarkerWorkspace,
} from "./marker-workspace.ts";
export type { TestContext, TestRunner } from "./test-runner.ts";
