// Sends many bytes to S3 and back to a file, and tells by how much the resident memory of this process grew.
import { LocalTarget } from "@leat/core";
import { S3FileSystem, S3Target } from "@leat/s3";
import { patternOf } from "./pattern.ts";
import type { settingsFor } from "./s3-workspace.ts";

interface Order {
  readonly path: string;
  readonly file: string;
  readonly mebibytes: number;
  readonly connection: ReturnType<typeof settingsFor>;
}

const MIB = 1024 ** 2;
const { path, file, mebibytes, connection } = JSON.parse(process.argv[2] as string) as Order;
const target = new S3Target(path, { fileSystem: new S3FileSystem({ connection }) });
const part = patternOf(MIB);

// The code is loaded and compiled, and connections are made, before memory is measured.
await target.writeFrom(parts(40));
await target.copyTo(new LocalTarget(file));
const before = process.memoryUsage.rss();
let peak = before;
// What happens between two looks is seen as well as it can be without a helper of the operating system.
const looking = setInterval(look, 5);
await target.writeFrom(parts(mebibytes));
await target.copyTo(new LocalTarget(file));
clearInterval(looking);
look();
process.stdout.write(JSON.stringify({ grownBytes: peak - before, size: await target.size() }));

function look(): void {
  peak = Math.max(peak, process.memoryUsage.rss());
}

function* parts(count: number): Generator<Buffer> {
  for (let index = 0; index < count; index++) yield part;
}
