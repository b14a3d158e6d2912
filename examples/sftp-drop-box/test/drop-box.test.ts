import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ExampleRun } from "../../../test/support/readme-commands.ts";

describeWith("sftp")("a drop box on SFTP", () => {
  describeWith("redis")("with markers in Redis", () => {
    const example = new ExampleRun("sftp-drop-box");
    let box: string;
    let env: NodeJS.ProcessEnv;

    beforeAll(async () => {
      const { host, port, user, home, privateKey, hostKeySha256 } = await testService("sftp");
      const { url } = await testService("redis");
      // The server is on this machine: what the partner drops there is written directly.
      box = mkdtempSync(join(home, "box-"));
      writeFileSync(join(example.folder, "key"), privateKey ?? "", { mode: 0o600 });
      env = {
        REDIS_URL: url,
        SFTP_HOST: host,
        SFTP_PORT: String(port),
        SFTP_USER: user,
        SFTP_KEY_FILE: join(example.folder, "key"),
        SFTP_HOST_KEY: hostKeySha256,
      };
      mkdirSync(join(example.folder, "inbox"));
    });
    afterAll(() => {
      rmSync(box, { recursive: true });
      example.remove();
    });

    const empty = () => example.sh(`npx leat run drop-box.ts EmptyDropBox --box ${box} --inbox inbox`, env);
    const fetched = () => readdirSync(join(example.folder, "inbox")).toSorted();

    it("fetches what is in the box", async () => {
      writeFileSync(join(box, "a.csv"), "1\n");
      writeFileSync(join(box, "b.csv"), "2\n");
      const { exitCode, printed } = await empty();
      expect(printed).toContain("2 FetchFile(");
      expect(exitCode).toBe(0);
      expect(fetched()).toEqual(["a.csv", "b.csv"]);
      expect(readFileSync(join(example.folder, "inbox/b.csv"), "utf8")).toBe("2\n");
    });

    it("fetches only what is new, also when what it fetched is gone from the inbox", async () => {
      rmSync(join(example.folder, "inbox/a.csv"));
      writeFileSync(join(box, "c.csv"), "3\n");
      expect((await empty()).exitCode).toBe(0);
      expect(fetched()).toEqual(["b.csv", "c.csv"]);
    });
  });
});
