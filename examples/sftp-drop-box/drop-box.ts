import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { LocalTarget, p, Task } from "leat";
import { RedisTarget } from "@leat/redis";
import { SftpFileSystem, SftpTarget } from "@leat/sftp";

const { SFTP_HOST = "localhost", SFTP_PORT = "22", SFTP_USER, SFTP_KEY_FILE, SFTP_HOST_KEY } = process.env;

const partner = new SftpFileSystem({
  connection: {
    host: SFTP_HOST,
    port: Number(SFTP_PORT),
    ...(SFTP_USER === undefined ? {} : { user: SFTP_USER }),
    ...(SFTP_KEY_FILE === undefined ? {} : { privateKey: readFileSync(SFTP_KEY_FILE, "utf8") }),
    ...(SFTP_HOST_KEY === undefined ? {} : { hostKeySha256: SFTP_HOST_KEY }),
  },
});

const SIXTY_DAYS_IN_SECONDS = 60 * 24 * 3600;

/** Fetches one file. A marker remembers it for sixty days, also when the file is gone from here and from there. */
export class FetchFile extends Task.with({ path: p.string(), inbox: p.path() }) {
  override output() {
    return new RedisTarget(this.id, { expirySeconds: SIXTY_DAYS_IN_SECONDS });
  }

  override async run() {
    const source = new SftpTarget(this.path, { connection: partner });
    await source.copyTo(new LocalTarget(`${this.inbox}/${basename(this.path)}`));
    await this.output().touch();
  }
}

/** Looks into the box of a partner and fetches what is new. It has no output, so it looks every time. */
export class EmptyDropBox extends Task.with({ box: p.string(), inbox: p.path() }) {
  override output(): undefined {
    return undefined;
  }

  override async run({ need }: Parameters<Task["run"]>[0]) {
    const files: FetchFile[] = [];
    for await (const path of partner.list(this.box)) files.push(new FetchFile({ path, inbox: this.inbox }));
    // Only now is it known what is required: this waits until all of it was fetched.
    await need(files);
  }
}
