// Replaces a file again and again, telling of each piece, until it is killed: started by local-process-end.test.ts.
import { LocalTarget } from "@leat/core";

const PIECES = 16;
const PIECE_BYTES = 512 * 1024;

const target = new LocalTarget(process.argv[2] as string);

function* piecesOf(generation: number): Generator<Buffer> {
  for (let piece = 0; piece < PIECES; piece++) {
    process.send?.("piece");
    yield Buffer.alloc(PIECE_BYTES, generation);
  }
}

for (let generation = 0; ; generation = (generation + 1) % 256) await target.writeFrom(piecesOf(generation));
