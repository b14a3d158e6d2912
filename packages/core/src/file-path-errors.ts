import { TargetError, UsageError, type TargetErrorCode } from "./errors.ts";

/** Refuses the path of a directory where a file is meant. */
export function checkFilePath(path: string): void {
  if (path.endsWith("/")) throw invalidPath(path, "names a directory. Take the slash at its end away");
}

/** @param sentence goes on after the path, without its full stop */
export function targetError(code: TargetErrorCode, path: string, sentence: string): TargetError {
  return new TargetError(code, `The path ${JSON.stringify(path)} ${sentence}.`, { details: { path } });
}

/** @param sentence goes on after the path, without its full stop */
export function invalidPath(path: string, sentence: string): UsageError {
  return new UsageError("PATH_INVALID", `The path ${JSON.stringify(path)} ${sentence}.`, {
    details: { path },
  });
}
