import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createPostgresDatabase, describeWith, testService } from "@leat-internal/dev-servers/vitest";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { manifestOf, type PackedRegistry, startPackedRegistry } from "./packed-registry.ts";

// Packages as they would be published, in empty projects: the command line and one adapter.

const root = fileURLToPath(new URL("../..", import.meta.url));
const DRIVERS = ["pg", "mysql2", "ioredis", "@aws-sdk", "basic-ftp", "ssh2-sftp-client", "ssh2", "libsql"];

/** npm installs what each project needs, while other tests run. */
const SLOW = { timeout: 300_000 };

let registry: PackedRegistry;
beforeAll(async () => {
  registry = await startPackedRegistry();
});
afterAll(() => registry.close());

/** An empty project, in which `leat` and these packages are installed. */
class Project {
  readonly folder = mkdtempSync(join(tmpdir(), "leat-packed-"));

  async install(packages: readonly string[]): Promise<void> {
    this.write("package.json", JSON.stringify({ name: "empty", private: true, type: "module" }));
    await this.command("npm", ["install", "--prefer-offline", "leat", ...packages]);
  }

  write(name: string, text: string): void {
    mkdirSync(join(this.folder, name, ".."), { recursive: true });
    writeFileSync(join(this.folder, name), text);
  }

  async command(file: string, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { ...process.env, ...registry.environment, ...environment };
    return (await promisify(execFile)(file, [...args], { cwd: this.folder, env })).stdout;
  }

  /** Drivers of stores that are there. */
  drivers(): string[] {
    const found = new Set(readdirSync(join(this.folder, "node_modules")));
    return DRIVERS.filter((name) => found.has(name));
  }
}

function emptyProject(): Project {
  const project = new Project();
  onTestFinished(() => rmSync(project.folder, { recursive: true, force: true }));
  return project;
}

/** What a user of an adapter installs beside `leat`: the adapter, and the drivers that it asks for. */
function withDrivers(folder: string): string[] {
  const { name, peerDependencies } = manifestOf(folder) as {
    name: string;
    peerDependencies: Record<string, string>;
  };
  const drivers = Object.entries(peerDependencies).filter(([peer]) => !peer.startsWith("@leat/"));
  return [name, ...drivers.map(([driver, range]) => `${driver}@${range}`)];
}

describeWith("postgres")("leat and @leat/postgres", () => {
  it("run the job of the README, and bring no driver of another store, nor the server", SLOW, async () => {
    const database = await createPostgresDatabase();
    onTestFinished(() => database.drop());
    const project = emptyProject();
    await project.install(withDrivers("packages/adapters/postgres"));
    cpSync(join(root, "examples/songs/songs.ts"), join(project.folder, "songs.ts"));
    project.write("in/plays-2026-11-20.tsv", "se\tWaterloo\nhr\tMoja domovina\n");
    const args = ["leat", "run", "songs.ts", "AllCountries", "--date", "2026-11-20"];
    expect(await project.command("npx", args, { DATABASE_URL: database.url })).toContain(
      "This progress looks :)",
    );
    expect(project.drivers()).toEqual(["pg"]);
    expect(readdirSync(join(project.folder, "node_modules/@leat"))).not.toContain("server");
  });
});

interface Adapter {
  readonly service: "redis" | "s3" | "sftp" | "ftp";
  readonly drivers: readonly string[];
  /** Imports of the job. */
  readonly imports: string;
  /** Makes the target of the job; `connection` is what `testService` gives. */
  readonly target: string;
  readonly write: string;
}

const ADAPTERS: readonly Adapter[] = [
  {
    service: "redis",
    drivers: ["ioredis"],
    imports: `import { RedisTarget } from "@leat/redis";`,
    target: "new RedisTarget(this.id, { connection: connection.url })",
    write: "await this.output().touch();",
  },
  {
    service: "s3",
    drivers: ["@aws-sdk"],
    imports: `import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { S3FileSystem, S3Target } from "@leat/s3";
const { endpoint, region, accessKeyId, secretAccessKey } = connection;
const settings = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
const fileSystem = new S3FileSystem({ connection: settings });
// The second run finds it made.
const bucket = new CreateBucketCommand({ Bucket: process.env.BUCKET });
await new S3Client({ ...settings, forcePathStyle: true }).send(bucket).catch(() => undefined);`,
    target: "new S3Target(`s3://${process.env.BUCKET}/file`, { fileSystem })",
    write: `await this.output().writeText("made");`,
  },
  {
    service: "sftp",
    drivers: ["ssh2-sftp-client", "ssh2"],
    imports: `import { SftpTarget } from "@leat/sftp";
const { home, ...login } = connection;`,
    target: "new SftpTarget(`${home}/${this.name}`, { connection: login })",
    write: `await this.output().writeText("made");`,
  },
  {
    service: "ftp",
    drivers: ["basic-ftp"],
    imports: `import { FtpTarget } from "@leat/ftp";
const { host, port, user, password, ca } = connection;`,
    target: "new FtpTarget(this.name, { connection: { host, port, user, password, ca } })",
    write: `await this.output().writeText("made");`,
  },
];

function jobOf({ imports, target, write }: Adapter): string {
  return `import { p, Task } from "leat";
const connection = JSON.parse(process.env.CONNECTION ?? "");
${imports}
export class Job extends Task.with({ name: p.string() }) {
  override output() {
    return ${target};
  }
  override async run() {
    ${write}
  }
}
`;
}

for (const adapter of ADAPTERS) {
  describeWith(adapter.service)(`leat and @leat/${adapter.service}`, () => {
    it("run a job, find it done the second time, and bring no driver of another store", SLOW, async () => {
      const project = emptyProject();
      const connection = JSON.stringify(await testService(adapter.service));
      await project.install(withDrivers(`packages/adapters/${adapter.service}`));
      project.write("job.ts", jobOf(adapter));
      const name = `job-${process.pid}-${Date.now()}`;
      const run = () =>
        project.command("npx", ["leat", "run", "job.ts", "Job", "--name", name], {
          CONNECTION: connection,
          BUCKET: name,
        });
      expect(await run()).toContain("* 1 ran successfully:");
      expect(await run()).toContain("* 1 complete ones were encountered:");
      expect(project.drivers().toSorted()).toEqual(adapter.drivers.toSorted());
    });
  });
}

describe("npm create leat with the template project", () => {
  it("gives something that passes its own test", SLOW, async () => {
    const project = emptyProject();
    await project.command("npm", ["create", "leat", "my-project"]);
    await project.command("npm", ["install", "--prefix", "my-project", "--prefer-offline"]);
    const output = await project.command("npm", ["test", "--prefix", "my-project"], {
      CI: "true",
      NO_COLOR: "1",
    });
    expect(output).toMatch(/Test Files {2}1 passed/);
  });
});
