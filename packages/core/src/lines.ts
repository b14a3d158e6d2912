import { StringDecoder } from "node:string_decoder";
import type { Readable } from "node:stream";

/** The lines of UTF-8 bytes without their ends (LF or CRLF), in batches of what each chunk completed. */
export async function* splitLines(source: Readable): AsyncGenerator<string[], void, undefined> {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  for await (const chunk of source) {
    const lines = (rest + decoder.write(chunk as Buffer)).split("\n");
    rest = lines.pop() ?? "";
    yield lines.map(withoutCarriageReturn);
  }
  rest += decoder.end();
  if (rest !== "") yield [withoutCarriageReturn(rest)];
}

function withoutCarriageReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}
