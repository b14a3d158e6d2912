import { get } from "node:http";

// Ten open pages, which ask every second for what the page shows, while the parent process wants them to.

const [, , url = ""] = process.argv;
const READERS = 10;
const INTERVAL_MS = 1000;
const PATHS = ["counts", "tasks?limit=100&sort=updated&order=desc", "workers", "resources"];

let isReading = false;
process.on("message", (wanted) => (isReading = wanted === true));
process.once("disconnect", () => process.exit());

for (let reader = 0; reader < READERS; reader++) {
  // They were not opened in the same moment.
  setTimeout(() => setInterval(read, INTERVAL_MS), (reader * INTERVAL_MS) / READERS);
}
process.send?.("ready");

function read(): void {
  if (!isReading) return;
  for (const path of PATHS) {
    // A connection that was idle for too long is closed: the page asks again a second later.
    get(`${url}/api/v1/${path}`, (answer) => answer.resume()).on("error", () => undefined);
  }
}
