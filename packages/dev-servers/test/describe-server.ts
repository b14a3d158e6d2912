import { aptLine, type DebianServer } from "../src/debian-packages.ts";
import { isInstalled } from "../src/installed.ts";
import { type Describe, describeUnless } from "../src/vitest.ts";

/** A `describe` for tests that start the server themselves. */
export function describeServer(server: DebianServer): Describe {
  return describeUnless(isInstalled(server) ? undefined : aptLine([server]), server);
}
