import { FileTarget, type FileTargetOptions } from "@leat/core";
import { ExampleFileSystem } from "./file-system.ts";

const shared = new ExampleFileSystem();

export interface ExampleTargetOptions extends FileTargetOptions {
  /** The store that the file is in. Default: one for the whole process. */
  readonly fileSystem?: ExampleFileSystem;
}

/** A file in Example. */
export class ExampleTarget extends FileTarget {
  override readonly fileSystem: ExampleFileSystem;

  constructor(path: string, options: ExampleTargetOptions = {}) {
    super(path, options);
    this.fileSystem = options.fileSystem ?? shared;
  }
}
