import type { FileSystemCapabilities } from "@leat/core";
import type { FileWorkspace } from "../file-workspace.ts";

/** Shows that a store keeps one promise, in a workspace of its own. */
export type Body = (workspace: FileWorkspace) => Promise<void>;

/** Promises that only stores with a capability make. */
export interface CapabilityStatement {
  readonly capability: keyof FileSystemCapabilities;
  readonly body: Body;
}

/** Promises by what they say. */
export type Statements = Readonly<Record<string, Body | CapabilityStatement>>;

/** A promise of the stores that declare a capability. */
export function having(capability: keyof FileSystemCapabilities, body: Body): CapabilityStatement {
  return { capability, body };
}

/** Thrown where a statement cannot be tried. */
export class Skip extends Error {
  /** The optional part of the workspace that it needs. */
  readonly part: string | undefined;

  constructor(reason: string, part?: string) {
    super(reason);
    this.part = part;
  }
}

/** An optional part of a workspace or of its faults, ready to be called; without it the statement is skipped. */
export function given<T extends object, K extends keyof T & string>(
  owner: T | undefined,
  name: K,
): NonNullable<T[K]> {
  const part = owner?.[name];
  if (part === undefined || part === null) {
    throw new Skip(`the workspace does not give ${name}`, name);
  }
  return (typeof part === "function" ? part.bind(owner) : part) as NonNullable<T[K]>;
}
