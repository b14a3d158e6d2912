// Exits while it writes a file: started by local-process-end.test.ts.
import { LocalFileSystem } from "@leat/core";

const writer = await new LocalFileSystem().openWrite(process.argv[2] as string);
await writer.write(Buffer.from("a"));
process.exit(0);
