import { existsSync } from "node:fs";
import { isAbsolute } from "node:path";
import type { ParamOptions, ParamType } from "./param.ts";
import { paramBuilder } from "./param-builder.ts";

/** Options of `p.path`. */
export interface PathParamOptions extends ParamOptions<string> {
  /** Makes relative paths absolute, from the current directory. Default false. */
  readonly absolute?: boolean;
  /** Refuses paths where nothing is at the moment. Default false. */
  readonly exists?: boolean;
}

/** A path of the local file system, without `.` and empty segments. */
export const path = paramBuilder<string, PathParamOptions>(pathType);

function pathType({ absolute = false, exists = false }: PathParamOptions): ParamType<string> {
  return {
    name: "path",
    expects: exists ? "the path of something that exists" : "a path",
    parse: (text) => text,
    serialize: (value) => value,
    normalize(value) {
      if (typeof value !== "string") throw new TypeError("it is not a string");
      const path = tidy(absolute && !isAbsolute(value) ? `${process.cwd()}/${value}` : value);
      if (exists && !existsSync(path)) throw new RangeError("nothing is there");
      return path;
    },
  };
}

/**
 * Leaves out empty segments and `.`, as Python's `PurePosixPath` does. `..` stays: what it means depends on links. So do two
 * slashes at the beginning, to which POSIX gives a meaning of their own.
 */
function tidy(path: string): string {
  const [slashes = ""] = /^\/*/.exec(path) ?? [];
  const root = slashes.length === 2 ? "//" : slashes.slice(0, 1);
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  return root + segments.join("/") || ".";
}
