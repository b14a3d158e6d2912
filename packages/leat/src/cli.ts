#!/usr/bin/env node
import { main } from "./main.ts";

process.exitCode = await main(process.argv.slice(2));

// What a task left open (a connection, a timer) may not keep a finished run alive; a second is enough to close it well.
setTimeout(() => process.exit(), 1000).unref();
