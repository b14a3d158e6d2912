// Uses a connection and ends by itself: started by pool.test.ts.
import { SftpFileSystem, type SftpConnectionSettings } from "@leat/sftp";

const connection = JSON.parse(process.argv[2] as string) as SftpConnectionSettings;
const found = await new SftpFileSystem({ connection }).exists("/");
process.on("exit", () => console.log(`found ${found} ${Math.round(performance.now() - start)}`));
const start = performance.now();
