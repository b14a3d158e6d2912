import { copies, inherits, MemoryTarget, p, requires, standaloneContext, Task, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

const date = Temporal.PlainDate.from("2026-11-20");

class Plays extends Task.with({ date: p.date(), country: p.string({ default: "se" }) }) {
  override output() {
    return new MemoryTarget(`plays/${this.country}-${this.date}`);
  }
  override async run(): Promise<void> {
    await this.output().writeText(`plays of ${this.country}`);
  }
}

class Artists extends Job.with({ region: p.string({ default: "north" }), country: p.string() }) {}

describe("inherits()", () => {
  it("gives the parameters of other classes, with their defaults and in their order", () => {
    class Top extends inherits(Plays, Artists).with({ top: p.int() }) {
      override output(): undefined {
        return undefined;
      }
      override run(): void {}
    }
    expect(String(new Top({ date, top: 3 }))).toBe("Top(date=2026-11-20, country=se, region=north, top=3)");
  });

  it("takes of several declarations the first, and what is declared again for all", () => {
    expect(inherits(Plays, Artists).params.country.default).toBe("se");
    expect(inherits(Artists, Plays).params.country.hasDefault).toBe(false);
    const own = inherits(Plays).with({ country: p.string({ default: "rs" }) });
    expect(own.params.country.default).toBe("rs");
  });

  it("changes nothing about the classes that it is given", () => {
    inherits(Plays).with({ top: p.int() });
    expect(Object.keys(Plays.params)).toEqual(["date", "country"]);
  });
});

describe("requires()", () => {
  class Top extends requires(Plays).with({ top: p.int({ default: 10 }) }) {
    override output(): undefined {
      return undefined;
    }
    override run(): void {}
  }

  it("requires one task, made with the values that both have", () => {
    const top = new Top({ date, country: "rs" });
    expect(String(top.requires())).toBe("Plays(date=2026-11-20, country=rs)");
    expect(top.input().path).toBe("plays/rs-2026-11-20");
  });

  it("hands on a default of its own instead of that of the required task", () => {
    class Serbian extends requires(Plays).with({ country: p.string({ default: "rs" }) }) {
      override output(): undefined {
        return undefined;
      }
      override run(): void {}
    }
    expect(String(new Serbian({ date }).requires())).toBe("Plays(date=2026-11-20, country=rs)");
  });

  it("requires several in their order", () => {
    class Both extends requires(Plays, Artists) {
      override output(): undefined {
        return undefined;
      }
      override run(): void {}
    }
    const both = new Both({ date, country: "hr" });
    expect(both.requires().map(String)).toEqual([
      "Plays(date=2026-11-20, country=hr)",
      "Artists(region=north, country=hr)",
    ]);
    expect(both.input()[0].path).toBe("plays/hr-2026-11-20");
  });

  it("requires tasks by name, of which the input is an object", () => {
    class Named extends requires({ plays: Plays, artists: Artists }) {
      override output(): undefined {
        return undefined;
      }
      override run(): void {}
    }
    const named = new Named({ date, country: "se" });
    expect(Object.keys(named.requires())).toEqual(["plays", "artists"]);
    expect(named.input().plays.path).toBe("plays/se-2026-11-20");
  });

  it("makes a class that others can be derived from, which require the same", () => {
    class Derived extends Top.with({ more: p.int() }) {}
    expect(String(new Derived({ date, more: 1 }).requires())).toBe("Plays(date=2026-11-20, country=se)");
    expect(Derived.family).toBe("Derived");
  });

  it("needs a value for what the required task has no default for", () => {
    expect(() => new Top({} as never)).toThrow(leatError("PARAMETER_MISSING", "Top.date"));
  });
});

describe("copies()", () => {
  class Published extends copies(Plays) {
    override output() {
      return new MemoryTarget(`published/${this.country}-${this.date}`);
    }
  }

  it("copies what the required task made to its own output", async () => {
    const published = new Published({ date, country: "is" });
    await published.requires().run();
    await published.run(standaloneContext(published));
    expect(await published.output().readText()).toBe("plays of is");
  });

  it("ends when its signal is aborted, and leaves nothing", async () => {
    const published = new Published({ date, country: "fi" });
    await published.requires().run();
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(published.run(standaloneContext(published, { signal }))).rejects.toThrow("enough");
    expect(await published.output().exists()).toBe(false);
  });
});
