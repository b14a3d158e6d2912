import type { Readable } from "node:stream";

const LF = 0x0a;

/**
 * The lines of UTF-8 bytes without their ends (LF or CRLF), in batches of what each chunk completed.
 *
 * @throws TypeError `ERR_ENCODING_INVALID_ENCODED_DATA` for bytes that are not UTF-8
 */
export async function* splitLines(source: Readable): AsyncGenerator<string[], void, undefined> {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let pieces: Uint8Array[] = [];
  for await (const chunk of source as AsyncIterable<Buffer>) {
    // The last line of a chunk is not over: it is decoded when it is, so no character is ever cut.
    const end = chunk.lastIndexOf(LF);
    if (end === -1) pieces.push(chunk);
    else {
      yield linesOf(decoder.decode(joined(pieces, chunk.subarray(0, end))));
      pieces = [chunk.subarray(end + 1)];
    }
  }
  const rest = decoder.decode(Buffer.concat(pieces));
  if (rest !== "") yield linesOf(rest);
}

function joined(pieces: readonly Uint8Array[], last: Uint8Array): Uint8Array {
  return pieces.length === 0 ? last : Buffer.concat([...pieces, last]);
}

function linesOf(content: string): string[] {
  const lines = content.split("\n");
  return content.includes("\r") ? lines.map(withoutCarriageReturn) : lines;
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
