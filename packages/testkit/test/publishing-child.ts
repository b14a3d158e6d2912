// Publishes a set of files again and again, telling of each, until it is killed: started by killed-sets.test.ts.
import { join } from "node:path";
import { LocalTarget, publishTogether } from "@leat/core";

const directory = process.argv[2] as string;
const names = ["a.txt", "b.txt", "c.txt"];
const set = names.map((name) => new LocalTarget(join(directory, name)));

for (let generation = 0; ; generation++) {
  await publishTogether(set, async (files) => {
    for (const file of files) await file.writeText(`generation ${generation}`);
  });
  process.send?.("published");
}
