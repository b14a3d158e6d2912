import { describe, expect, inject, it } from "vitest";
import { aptLine } from "./debian-packages.ts";
import { isInstalled } from "./installed.ts";
import { requestService } from "./service-broker.ts";
import { createMysqlDatabaseOn, createPostgresDatabaseOn, type TestDatabase } from "./test-databases.ts";
import { COMPOSE_URLS, type ServiceName, TEST_SERVICES, type TestServices } from "./test-services.ts";
import "./vitest-setup.ts";

export { randomOf, seedOf } from "./random.ts";
export type { TestDatabase } from "./test-databases.ts";
export type {
  FtpConnection,
  S3Connection,
  ServiceName,
  SftpConnection,
  TestServices,
} from "./test-services.ts";

/** What this package needs of vitest's `describe`. */
export type Describe = (name: string, tests: () => void) => void;

/**
 * The connection to a service that the whole test run shares; the first to ask starts it. With
 * `LEAT_TEST_SERVICES=compose` it is that of docker-compose.yml, unless LEAT_TEST_POSTGRES_URL, LEAT_TEST_MYSQL_URL, LEAT_TEST_REDIS_URL,
 * LEAT_TEST_S3_URL, LEAT_TEST_VERSITYGW_URL, LEAT_TEST_FTP_URL or LEAT_TEST_SFTP_URL names another.
 */
export async function testService<Name extends ServiceName>(name: Name): Promise<TestServices[Name]> {
  const url = givenUrl(name);
  if (url !== undefined) return TEST_SERVICES[name].fromUrl(new URL(url));
  const why = unavailable(name);
  if (why !== undefined) throw new Error(`The test service ${name} is not available: ${why}`);
  const broker = inject("leatServiceBroker");
  if (broker === undefined) throw new Error("No service broker; add vitest-setup.ts to vitest's globalSetup");
  return requestService(broker, name);
}

/** An empty PostgreSQL database on the server of this test run. */
export async function createPostgresDatabase(): Promise<TestDatabase> {
  return createPostgresDatabaseOn((await testService("postgres")).url);
}

/** An empty MySQL (MariaDB) database on the server of this test run. */
export async function createMysqlDatabase(): Promise<TestDatabase> {
  return createMysqlDatabaseOn((await testService("mysql")).url);
}

/**
 * A `describe` for tests that need a service. Where it is not available, they are skipped, with a line that tells how to
 * get it; with LEAT_REQUIRE_SERVERS=1 that is a failure instead. LEAT_TEST_SERVICES can name the services to use, such
 * as `postgres,s3`: then tests of the others are skipped in any case.
 */
export function describeWith(service: ServiceName): Describe {
  return describeChosen(service, () => unavailable(service));
}

/** A `describe` for tests that start a service by themselves: it has to be on this machine, whichever the test run uses. */
export function describeWithOwn(service: ServiceName): Describe {
  return describeChosen(service, () => cannotStart(service));
}

/** Why a test cannot start a service by itself, with the cure. */
export function cannotStart(service: ServiceName): string | undefined {
  const cure = TEST_SERVICES[service].missing();
  return cure && `it is not installed. Run: ${cure}`;
}

/**
 * A `describe` for tests that need a browser: skipped, or failing, as those of a service. LEAT_TEST_SERVICES names it
 * `chromium`.
 */
export function describeWithChromium(name: string, tests: () => void): void {
  const missing = () =>
    isInstalled("chromium") ? undefined : `it is not installed. Run: ${aptLine(["chromium"])}`;
  describeChosen("chromium", missing)(name, tests);
}

/** Where all services are required, those that were not chosen are left out all the same, and it is said. */
function describeChosen(service: ServiceName | "chromium", missing: () => string | undefined): Describe {
  if (isChosen(service)) return describeUnless(missing(), service);
  console.warn(`Tests of ${service} are skipped: LEAT_TEST_SERVICES does not name it`);
  return describe.skip;
}

/** A `describe` that skips, or fails, when there is a reason why `what` is not available. */
export function describeUnless(reason: string | undefined, what: string): Describe {
  if (reason === undefined) return describe;
  if (process.env["LEAT_REQUIRE_SERVERS"] === "1") return failing(what, reason);
  console.warn(`Tests of ${what} are skipped: ${reason}`);
  return describe.skip;
}

function failing(what: string, reason: string): Describe {
  return (name) => {
    describe(`${name} (without ${what})`, () => {
      it("can use the servers that LEAT_REQUIRE_SERVERS requires", () => {
        expect.unreachable(`${what} is not available: ${reason}`);
      });
    });
  };
}

/** Whether the servers of the test run were started by somebody else: containers do not see what is mounted here later. */
export function usesGivenServers(): boolean {
  return process.env["LEAT_TEST_SERVICES"] === "compose";
}

function isChosen(service: ServiceName | "chromium"): boolean {
  const chosen = process.env["LEAT_TEST_SERVICES"];
  return chosen === undefined || usesGivenServers() || chosen.split(",").includes(service);
}

function givenUrl(service: ServiceName): string | undefined {
  return usesGivenServers() ? (process.env[variableOf(service)] ?? COMPOSE_URLS[service]) : undefined;
}

/** Why the service cannot be used, with the cure. */
function unavailable(service: ServiceName): string | undefined {
  if (!usesGivenServers()) return cannotStart(service);
  return givenUrl(service) === undefined ? `set ${variableOf(service)} to the server's URL` : undefined;
}

function variableOf(service: ServiceName): string {
  return `LEAT_TEST_${service.toUpperCase()}_URL`;
}
