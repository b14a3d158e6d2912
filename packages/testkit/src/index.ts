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
  HalfClosableFileStoreClient,
  KillableFileStoreClient,
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
export { cutsOf, startTcpFaultProxy, type TcpFaultProxy } from "./tcp-fault-proxy.ts";
export type { Cut, CutKind, Direction, TcpFaults } from "./tcp-faults.ts";
export type { TestContext, TestRunner } from "./test-runner.ts";
