import { join } from "node:path";
import { randomOf, seedOf } from "@leat-internal/dev-servers/vitest";
import { expect, it } from "vitest";
import { Acknowledged, checkEnd, checkKept, Client } from "./crash-clients.ts";
import { LeatdProcess, temporaryFolder } from "./support.ts";

/** LEAT_SLOW_TESTS=1 kills 200 times. */
const KILLS = process.env["LEAT_SLOW_TESTS"] === "1" ? 200 : 20;
const CLIENTS = 8;
const TASKS_A_CLIENT = 10 * KILLS;

it(`loses nothing that was acknowledged and hands nothing out twice when it is killed ${KILLS} times`, async () => {
  const random = randomOf(seedOf());
  const args = ["--port", "0", "--state", join(temporaryFolder(), "leatd.db")];
  const told = new Acknowledged();
  let leatd = await LeatdProcess.start(args);
  const urls = () => [leatd.url];
  const clients = Array.from({ length: CLIENTS }, (_, n) =>
    new Client({ worker: `w${n}`, urls, told, random, tasks: TASKS_A_CLIENT }).run(),
  );
  const running = Promise.all(clients);
  for (let kill = 0; kill < KILLS; kill++) {
    // Real time: the moment of the kill is what the test is about.
    await new Promise((resolve) => setTimeout(resolve, 20 + random() * 150));
    await leatd.end("SIGKILL");
    const before = told.copy();
    leatd = await LeatdProcess.start(args);
    await checkKept(leatd.url, before);
  }
  await running;
  expect(told.done.size).toBe(CLIENTS * TASKS_A_CLIENT);
  await checkEnd(leatd.url, CLIENTS * TASKS_A_CLIENT);
  // A process is started for each kill: a second or less on a free machine, many on one that is very busy.
}, 1_800_000);
