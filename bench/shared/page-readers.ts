import { Agent, get, type IncomingMessage } from "node:http";

// Ten open pages. While the parent process wants them to "poll", they ask every second for what they show; while it wants them to
// "follow", they read the stream of events as well, as the web page does.

const [, , url = ""] = process.argv;
const READERS = 10;
const INTERVAL_MS = 1000;
const PATHS = ["counts", "status", "tasks?limit=100&sort=updated&order=desc", "workers", "resources"];
/** A page keeps its connections. */
const agent = new Agent({ keepAlive: true });

let wanted = "rest";
let streams: IncomingMessage[] = [];

process.on("message", (message: string) => {
  wanted = message;
  for (const stream of streams) stream.destroy();
  streams = [];
  if (wanted === "follow") for (let reader = 0; reader < READERS; reader++) follow();
});
process.once("disconnect", () => process.exit());

for (let reader = 0; reader < READERS; reader++) {
  // They were not opened in the same moment.
  setTimeout(() => setInterval(read, INTERVAL_MS), (reader * INTERVAL_MS) / READERS);
}
process.send?.("ready");

function read(): void {
  if (wanted === "rest") return;
  for (const path of PATHS) {
    // A connection that was idle for too long is closed: the page asks again a second later.
    get(`${url}/api/v1/${path}`, { agent }, (answer) => answer.resume()).on("error", () => undefined);
  }
}

function follow(): void {
  const asked = get(`${url}/api/v1/events`, (stream) => {
    streams.push(stream);
    stream.on("error", () => undefined).resume();
  });
  asked.on("error", () => undefined);
}
