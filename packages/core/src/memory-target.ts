import { FileTarget, type FileTargetOptions } from "./file-target.ts";
import { MemoryFileSystem } from "./memory-file-system.ts";

const shared = new MemoryFileSystem();

export interface MemoryTargetOptions extends FileTargetOptions {
  /** The files among which this one is. Default: one set for the whole process. */
  readonly fileSystem?: MemoryFileSystem;
}

/** A file in the memory of this process: gone when it ends, not seen by other processes. */
export class MemoryTarget extends FileTarget {
  override readonly fileSystem: MemoryFileSystem;

  constructor(path: string, options: MemoryTargetOptions = {}) {
    super(path, options);
    this.fileSystem = options.fileSystem ?? shared;
  }
}
