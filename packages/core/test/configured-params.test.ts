import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from "vitest";
import {
  ConfigTask,
  type ConfigSections,
  Configuration,
  type ConfigurationInForce,
  p,
  Task,
  Temporal,
  useConfiguration,
  WrapperTask,
} from "../src/index.ts";
import { leatError } from "./support.ts";

class Top extends WrapperTask.with({
  minCount: p.int({ default: 1 }),
  words: p.list({ default: [] }),
  on: p.date({ default: Temporal.PlainDate.from("2026-11-20") }),
  note: p.optional(p.string()),
}) {}
class Lower extends Top {}
class Spaced extends WrapperTask.with({ size: p.int({ default: 1 }) }) {
  static override readonly namespace = "etl.daily";
}
class Of extends WrapperTask.with({ of: p.taskClass({ default: Top }) }) {}
class Secret extends WrapperTask.with({ pin: p.int({ default: 1, visibility: "private" }) }) {}
class Warehouse extends ConfigTask.with({ schema: p.string(), port: p.int({ default: 5432 }) }) {}

let before: ConfigurationInForce;
beforeEach(() => void (before = useConfiguration(new Configuration())));
afterEach(() => void useConfiguration(before.configuration, before.context));

function configure(sections: ConfigSections, ...higher: ConfigSections[]): void {
  const layers = [sections, ...higher].map(
    (layer) => ({ origin: "leat.toml", syntax: "toml", sections: layer }) as const,
  );
  useConfiguration(new Configuration(layers), { taskClass: () => Lower });
}

describe("a parameter that is not given", () => {
  it("comes from the section of its family before its default", () => {
    configure({ Top: { min_count: "5" } });
    expect(new Top().minCount).toBe(5);
  });

  it("is what is given in code, when it is given", () => {
    configure({ Top: { min_count: "5" } });
    expect(new Top({ minCount: 2 }).minCount).toBe(2);
  });

  it("has its default when the section is about something else", () => {
    configure({ Top: { other: "5" }, Toq: { min_count: "5" } });
    expect(new Top().minCount).toBe(1);
  });

  it("is part of the id as any other value", () => {
    configure({ Top: { min_count: "5" } });
    expect(new Top().id).toBe(new Top({ minCount: 5 }).id);
  });

  it("is not taken from the section of a base class", () => {
    configure({ Top: { min_count: "5" } });
    expect(new Lower().minCount).toBe(1);
  });

  it("is found under a family with a namespace", () => {
    configure({ "etl.daily.Spaced": { size: "3" } });
    expect(new Spaced().size).toBe(3);
  });

  it("takes lists as TOML has them, and texts", () => {
    configure({ Top: { words: ["a", 1], on: "2026-01-02" } });
    expect(new Top().words).toEqual(["a", 1]);
    expect(String(new Top().on)).toBe("2026-01-02");
    configure({ Top: { words: '["b"]' } });
    expect(new Top().words).toEqual(["b"]);
  });

  it("is what an empty text means to its type", () => {
    configure({ Top: { note: "x" } }, { Top: { note: "" } });
    expect(new Top().note).toBeNull();
    configure({ Top: { min_count: "" } });
    expect(() => new Top()).toThrow(
      leatError("PARAMETER_INVALID", 'Top.minCount (from leat.toml) does not accept ""'),
    );
  });

  it("may name a task of the module", () => {
    configure({ Of: { of: "Lower" } });
    expect(new Of().of).toBe(Lower);
  });

  it.each([
    ["a text", "five", '"five"'],
    ["a list", ["five"], "an object of class Array"],
  ])("of a wrong type is an error that names file and value: %s", (_, value, shown) => {
    configure({ Top: { min_count: value } });
    expect(() => new Top()).toThrow(
      leatError("PARAMETER_INVALID", `Top.minCount (from leat.toml) does not accept ${shown}`),
    );
  });

  it("keeps a private value to itself when it is wrong", () => {
    configure({ Secret: { pin: "hush" } });
    const message = "Parameter Secret.pin (from leat.toml) does not accept (private). Give a whole number";
    expect(() => new Secret()).toThrow(leatError("PARAMETER_INVALID", message));
  });
});

describe("ConfigTask", () => {
  it("has its values from its section", () => {
    configure({ Warehouse: { schema: "plays" } });
    expect(new Warehouse().schema).toBe("plays");
    expect(new Warehouse().port).toBe(5432);
    expectTypeOf(new Warehouse().schema).toEqualTypeOf<string>();
  });

  it("says which value is nowhere", () => {
    expect(() => new Warehouse()).toThrow(leatError("PARAMETER_MISSING", "Warehouse.schema"));
  });

  it("takes values in code, and refuses those that it does not declare", () => {
    expect(new Warehouse({ schema: "given" }).schema).toBe("given");
    // @ts-expect-error a parameter that is not declared
    expect(() => new Warehouse({ scheme: "given" })).toThrow(leatError("PARAMETER_UNKNOWN", "scheme"));
  });

  it("is complete: nothing is ever run", async () => {
    expect(await new Warehouse({ schema: "x" }).complete()).toBe(true);
  });

  it("is told from a task", () => {
    expect([Warehouse, Top, Task].map((type) => ConfigTask.isConfigClass(type))).toEqual([
      true,
      false,
      false,
    ]);
  });
});
