import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  createPostgresDatabase,
  describeWith,
  type TestDatabase,
  testService,
} from "@leat-internal/dev-servers/vitest";
import { Client } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ExampleRun } from "../../../test/support/readme-commands.ts";

const BUCKET = `orders-${process.pid}`;

describeWith("postgres")("orders from S3 to PostgreSQL", () => {
  describeWith("s3")("with an S3 store", () => {
    const example = new ExampleRun("s3-to-postgres");
    let database: TestDatabase;
    let store: S3Client;
    let env: NodeJS.ProcessEnv;

    beforeAll(async () => {
      database = await createPostgresDatabase();
      const { endpoint, region, accessKeyId, secretAccessKey } = await testService("s3");
      const credentials = { accessKeyId, secretAccessKey };
      store = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
      await store.send(new CreateBucketCommand({ Bucket: BUCKET }));
      await put(
        "2026-11-19",
        'day,number,customer,amount\n2026-11-19,1,Ada,12.50\n2026-11-19,2,"Blaž, Ltd",\n',
      );
      env = {
        DATABASE_URL: database.url,
        AWS_ENDPOINT_URL_S3: endpoint,
        AWS_REGION: region,
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
      };
    });
    afterAll(async () => {
      example.remove();
      store.destroy();
      await database.drop();
    });

    const put = (date: string, content: string) =>
      store.send(new PutObjectCommand({ Bucket: BUCKET, Key: `orders/${date}.csv`, Body: content }));

    const run = () =>
      example.sh(`npx leat run orders.ts Orders --days 2026-11-19-2026-11-21 --bucket ${BUCKET}`, env);

    async function orders(): Promise<unknown[]> {
      const client = new Client({ connectionString: database.url });
      await client.connect();
      const { rows } = await client.query(
        "select day::text, number::int, customer, amount::float from orders order by number",
      );
      await client.end();
      return rows;
    }

    it("loads the days that are there, and waits for the others", async () => {
      const { exitCode, printed } = await run();
      expect(printed).toContain("1 were missing external dependencies");
      expect(exitCode).toBe(20);
      expect(await orders()).toEqual([
        { day: "2026-11-19", number: 1, customer: "Ada", amount: 12.5 },
        { day: "2026-11-19", number: 2, customer: "Blaž, Ltd", amount: null },
      ]);
    });

    it("loads the next day once it is there, and nothing twice", async () => {
      await put("2026-11-20", "day,number,customer,amount\n2026-11-20,3,Ada,7\n");
      expect((await run()).exitCode).toBe(0);
      expect((await run()).printed).toContain("Did not run any tasks");
      expect(await orders()).toHaveLength(3);
    });
  });
});
