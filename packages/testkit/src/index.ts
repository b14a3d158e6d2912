export { FILE_NAMES } from "./file-suite/names.ts";
export { fileTargetSuite } from "./file-target-suite.ts";
export type {
  ChildModule,
  ConnectionCut,
  ExtraFileStoreClient,
  FileStoreClient,
  FileStoreFaults,
  FileWorkspace,
  StallableFileStoreClient,
} from "./file-workspace.ts";
export type { TestContext, TestRunner } from "./test-runner.ts";
