import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createPostgresDatabase,
  describeWith,
  type TestDatabase,
  testService,
} from "@leat-internal/dev-servers/vitest";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ExampleRun } from "../../../test/support/readme-commands.ts";

describeWith("postgres")("a nightly load into PostgreSQL", () => {
  describeWith("sftp")("from a partner's SFTP server", () => {
    const example = new ExampleRun("nightly-bookings");
    let database: TestDatabase;
    let box: string;
    let env: NodeJS.ProcessEnv;

    beforeAll(async () => {
      database = await createPostgresDatabase();
      const { host, port, user, home, privateKey, hostKeySha256 } = await testService("sftp");
      // The server is on this machine: what the partner puts there is written directly.
      box = mkdtempSync(join(home, "box-"));
      const key = join(example.folder, "key");
      writeFileSync(key, privateKey ?? "", { mode: 0o600 });
      env = {
        DATABASE_URL: database.url,
        SFTP_HOST: host,
        SFTP_PORT: String(port),
        SFTP_USER: user,
        SFTP_KEY_FILE: key,
        SFTP_HOST_KEY: hostKeySha256,
        SFTP_BOX: box,
      };
    });
    afterAll(async () => {
      rmSync(box, { recursive: true });
      example.remove();
      await database.drop();
    });

    const put = (day: number, ...rows: readonly string[]) =>
      writeFileSync(join(box, `bookings-2026-11-0${day}.csv`), `${["id,amount", ...rows].join("\n")}\n`);

    const leat = (args: string) => example.sh(`npx leat run bookings.ts ${args} --workers 2`, env);

    /** The range of three days. That they lie far back, whenever this runs, is what `--days-back` is for. */
    const night = (more = "") =>
      leat(`RangeDaily --of Totals --start 2026-11-01 --stop 2026-11-04 --days-back 100000 ${more}`);

    async function totals(): Promise<string[]> {
      const client = new Client(database.url);
      await client.connect();
      const { rows } = await client.query<{ text: string }>(
        "select concat_ws(' ', extract(day from day), bookings, amount) as text from totals order by day",
      );
      await client.end();
      return rows.map(({ text }) => text);
    }

    it("loads what is there, puts bad rows aside, and waits for the file that is late", async () => {
      put(1, "1,10.00", "2,many", "3,5.00");
      put(2, "4,1.00", "x,1.00", "y,1.00", "z,1.00");
      const { exitCode, printed } = await night();
      expect(exitCode).toBe(30);
      expect(printed).toContain("* 1 failed:\n    - 1 Bookings(date=2026-11-02)\n");
      expect(printed).toContain(
        "* 1 were missing external dependencies:\n        - 1 BookingsFile(date=2026-11-03)\n",
      );
      expect(await totals()).toEqual(["1 2 15.00"]);
      expect(
        JSON.parse(readFileSync(join(example.folder, "rejected/2026-11-01.jsonl"), "utf8")),
      ).toMatchObject({
        row: 2,
        column: "amount",
      });
    });

    it("does the rest the next night", async () => {
      put(2, "4,1.00");
      put(3, "5,7.00");
      expect((await night()).exitCode).toBe(0);
      expect(await totals()).toEqual(["1 2 15.00", "2 1 1.00", "3 1 7.00"]);
    });

    it("does a day again, and then all of them, when the files were wrong", async () => {
      put(2, "4,2.00");
      expect((await leat("Totals --date 2026-11-02 --force Bookings")).exitCode).toBe(0);
      expect(await totals()).toEqual(["1 2 15.00", "2 1 2.00", "3 1 7.00"]);
      for (const day of [1, 2, 3]) put(day, `${day},${day}.50`);
      expect((await night("--all --force Bookings")).exitCode).toBe(0);
      expect(await totals()).toEqual(["1 1 1.50", "2 1 2.50", "3 1 3.50"]);
    });
  });
});
