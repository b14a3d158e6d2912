import type { Plugin } from "@leat/core";
import { ExampleTarget } from "./target.ts";

const SCHEME = "example";

/** For leat.config.ts: gives `example:/place/file` to tasks that ask `targetAt(url)`. */
export function newExamplePlugin(): Plugin {
  return {
    name: "example",
    // The version of the plugin contract that this was written for. Leat refuses another one when it is loaded.
    api: 1,
    schemes: { [SCHEME]: (url) => new ExampleTarget(url.slice(url.indexOf(":") + 1)) },
  };
}
