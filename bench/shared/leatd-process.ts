import { startServer } from "@leat/server";

// Serves the state of its argument until nobody wants it any more.

const [, , statePath = ":memory:"] = process.argv;
const server = await startServer({ port: 0, statePath, requestsPerSecond: 1e6 });
process.send?.(server.url);
process.once("disconnect", () => void server.stop());
