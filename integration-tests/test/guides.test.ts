import { readFileSync } from "node:fs";
import { createMysqlDatabase, describeWith } from "@leat-internal/dev-servers/vitest";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { GuideReader, type Step } from "./guide.ts";
import { type PackedRegistry, startPackedRegistry } from "./packed-registry.ts";

// Each guide as a new user follows it: from an empty folder, with the packages as they would be published.

/** npm installs what each guide needs, while other tests run. */
const SLOW = { timeout: 300_000 };

let registry: PackedRegistry;
beforeAll(async () => {
  registry = await startPackedRegistry();
});
afterAll(() => registry.close());

async function follow(page: string, environment: NodeJS.ProcessEnv = {}): Promise<Step[]> {
  const reader = new GuideReader({ ...registry.environment, CI: "true", NO_COLOR: "1", ...environment });
  onTestFinished(() => reader.close());
  return reader.follow(page);
}

/** Commands end well, and print what the guide shows. */
function asShown(steps: readonly Step[]): object[] {
  return steps.map(({ shown, printed }) => ({ exitCode: 0, printed: shown ?? printed }));
}

it("docs/start.md", SLOW, async () => {
  const [created, ...others] = await follow("docs/start.md");
  expect([created, ...others]).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }, { exitCode: 0 }]);
  const [summary = "no summary"] = /^=====[\s\S]*=====$/m.exec(created?.printed ?? "") ?? [];
  expect(readFileSync(new URL("../../docs/start.md", import.meta.url), "utf8")).toContain(summary);
});

it("docs/write-an-adapter.md: the template passes the conformance suite", SLOW, async () => {
  const steps = await follow("docs/write-an-adapter.md");
  expect(steps).toMatchObject([{ exitCode: 0, printed: expect.stringMatching(/Test Files {2}1 passed/) }]);
});

describeWith("mysql")("docs/guide.md", () => {
  it("goes from an empty folder to MySQL, two workers, and a target of one's own", SLOW, async () => {
    const database = await createMysqlDatabase();
    onTestFinished(() => database.drop());
    const steps = await follow("docs/guide.md", { MYSQL_URL: database.url });
    const shown = steps.filter((step) => step.shown !== undefined);
    expect(shown).toMatchObject(asShown(shown));
    expect(steps.map(({ exitCode }) => exitCode)).toEqual(steps.map(() => 0));
    expect(shown).toHaveLength(4);
  });
});
