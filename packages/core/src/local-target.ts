import { FileTarget, type FileTargetOptions } from "./file-target.ts";
import { LocalFileSystem, type Durability } from "./local-file-system.ts";

const fileSystems = { rename: new LocalFileSystem("rename"), fsync: new LocalFileSystem("fsync") };

export interface LocalTargetOptions extends FileTargetOptions {
  /** What a written file survives: the end of the process, or of the machine. Default `rename`: of the process. */
  readonly durability?: Durability;
}

/** A file on this machine. A relative path is relative to the working directory of the process. */
export class LocalTarget extends FileTarget {
  override readonly fileSystem: LocalFileSystem;

  constructor(path: string, options: LocalTargetOptions = {}) {
    super(path, options);
    this.fileSystem = fileSystems[options.durability ?? "rename"];
  }
}
