import { Configuration, p, Task, useConfiguration } from "@leat/core";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

class Sized extends Task.with({
  part: p.numerical("int", { minimum: 0, exclusiveMaximum: 10 }),
  country: p.choice(["se", "hr"]),
  dry: p.bool({ default: true }),
}) {
  override output(): undefined {
    return undefined;
  }
  override run(): void {}
}

let before: ReturnType<typeof useConfiguration>;
beforeEach(() => void (before = useConfiguration(new Configuration())));
afterEach(() => void useConfiguration(before.configuration, before.context));

function configure(section: Readonly<Record<string, string>>): void {
  const layer = { origin: "luigi.cfg", syntax: "cfg", sections: { Sized: section } } as const;
  useConfiguration(new Configuration([layer]));
}

describe("a value of the configuration", () => {
  it("of a boolean beats its default", () => {
    configure({ part: "1", country: "se", dry: "false" });
    expect(new Sized({} as never).dry).toBe(false);
  });

  it("of a number with bounds and of a choice is read and checked as from anywhere", () => {
    configure({ part: "9", country: "hr" });
    expect(String(new Sized({} as never))).toBe("Sized(part=9, country=hr, dry=True)");
    configure({ part: "10", country: "hr" });
    expect(() => new Sized({} as never)).toThrow(/Sized\.part.*10/);
    configure({ part: "9", country: "no" });
    expect(() => new Sized({} as never)).toThrow(/Sized\.country.*no/);
  });
});
