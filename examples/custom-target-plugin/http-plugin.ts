import type { Plugin } from "leat";
import { HttpTarget } from "./http-target.ts";

/** Targets of `http:` and `https:` URLs. */
export function http(): Plugin {
  const target = (url: string) => new HttpTarget(url);
  // The number, not what is installed: it tells which contract this was written for.
  return { name: "http", api: 1, schemes: { http: target, https: target } };
}
