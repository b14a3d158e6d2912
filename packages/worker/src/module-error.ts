import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { UsageError } from "@leat/core";
import { toError } from "./errors.ts";

const SHOWN_FRAMES = 8;

/** Why a module cannot be loaded, with the places in it. */
export function loadError(location: string, url: string, thrown: unknown): UsageError {
  const cause = toError(thrown);
  const places = cause instanceof SyntaxError ? syntaxErrorPlace(url) : framesOf(cause);
  const reason = [`${cause.name}: ${cause.message}${cureOf(cause)}`, ...places].join("\n");
  return new UsageError("MODULE_INVALID", `Cannot load the module ${location}: ${reason}`, { cause });
}

/** What the message does not say of modules that import each other: a class of one extends one that is not there yet. */
function cureOf({ name, message }: Error): string {
  const isTooEarly = name === "ReferenceError" && message.endsWith("before initialization");
  return isTooEarly ? ". If modules import each other in a circle, move what both need to a third one." : "";
}

/** Where the module's code threw: the frames before those of Node and of packages. */
function framesOf({ stack = "" }: Error): string[] {
  const frames = stack.split("\n").filter((line) => line.startsWith("    at "));
  const foreign = frames.findIndex((line) => /node:internal|[\\/]node_modules[\\/]/.test(line));
  return frames.slice(0, foreign === -1 ? SHOWN_FRAMES : Math.min(foreign, SHOWN_FRAMES));
}

/** File, line and column: Node keeps them for what it prints itself. Nothing when the error is in another file. */
function syntaxErrorPlace(url: string): string[] {
  const { stderr } = spawnSync(process.execPath, ["--check", fileURLToPath(url)], { encoding: "utf8" });
  const [place = ""] = stderr.split("\n\n");
  return place === "" ? [] : place.split("\n");
}
