import { writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  createMysqlDatabase,
  describeWith,
  type TestDatabase,
  testService,
} from "@leat-internal/dev-servers/vitest";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, expect, it } from "vitest";
import { FtpFileSystem, FtpTarget } from "@leat/ftp";
import { ExampleRun } from "../../../test/support/readme-commands.ts";

describeWith("mysql")("prices from FTP to MySQL", () => {
  describeWith("ftp")("with an FTP server", () => {
    const example = new ExampleRun("ftp-to-mysql");
    let database: TestDatabase;
    let supplier: FtpFileSystem;
    let env: NodeJS.ProcessEnv;

    beforeAll(async () => {
      database = await createMysqlDatabase();
      const { host, port, user, password, ca } = await testService("ftp");
      supplier = new FtpFileSystem({ host, port, user, password, ...(ca === undefined ? {} : { ca }) });
      const authority = join(example.folder, "ca.pem");
      if (ca !== undefined) writeFileSync(authority, ca);
      env = {
        MYSQL_URL: database.url,
        FTP_URL: `ftpes://${user}:${encodeURIComponent(password)}@${host}:${port}`,
        ...(ca === undefined ? {} : { NODE_EXTRA_CA_CERTS: authority }),
      };
    });
    afterAll(async () => {
      for (const date of ["2026-11-19", "2026-11-20"]) await supplier.remove(`prices-${date}.txt`);
      await supplier.close();
      await database.drop();
      example.remove();
    });

    const deliver = (date: string, lines: string[]) =>
      new FtpTarget(`prices-${date}.txt`, { connection: supplier }).writeLines(lines);

    const load = (date: string) => example.sh(`npx leat run prices.ts LoadPrices --date ${date}`, env);

    async function prices(): Promise<unknown> {
      const connection = await createConnection(database.url);
      const [rows] = await connection.query(
        "select product, price, name, cast(valid_from as char) as since from prices order by product",
      );
      await connection.end();
      return rows;
    }

    it("loads the list of a day", async () => {
      await deliver("2026-11-19", ["A1;1250;Apples", "B2;90;Böreks"]);
      expect((await load("2026-11-19")).exitCode).toBe(0);
      expect(await prices()).toEqual([
        { product: "A1", price: "12.50", name: "Apples", since: "2026-11-19" },
        { product: "B2", price: "0.90", name: "Böreks", since: "2026-11-19" },
      ]);
    });

    it("puts a later list over it", async () => {
      await deliver("2026-11-20", ["A1;1300;Apples"]);
      expect((await load("2026-11-20")).exitCode).toBe(0);
      expect(await prices()).toEqual([
        { product: "A1", price: "13.00", name: "Apples", since: "2026-11-20" },
        { product: "B2", price: "0.90", name: "Böreks", since: "2026-11-19" },
      ]);
    });

    it("waits for a list that is not there", async () => {
      const { exitCode, printed } = await load("2026-11-21");
      expect(exitCode).toBe(20);
      expect(printed).toContain("PriceList(date=2026-11-21)");
    });
  });
});
