/** A process that tests kill while it loads. */
import { serveLoads } from "@leat/copy-to-table/testing";
import { makeCrashLoad } from "./make-load.ts";

serveLoads(makeCrashLoad);
