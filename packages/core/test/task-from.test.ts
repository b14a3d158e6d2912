import { p, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

const date = Temporal.PlainDate.from("2026-11-20");

class Plays extends Job.with({
  date: p.date(),
  country: p.string({ default: "se" }),
  password: p.string({ default: "", visibility: "private" }),
  note: p.string({ default: "", significant: false }),
}) {}

class Top extends Job.with({ ...Plays.params, top: p.int({ default: 10 }) }) {}
class Other extends Job.with({ date: p.date(), size: p.int() }) {}

describe("Task.from()", () => {
  const top = new Top({ date, country: "rs", password: "hush", note: "kept", top: 3 });

  it("takes the values of all parameters that both have, private and insignificant ones too", () => {
    const plays = Plays.from(top);
    expect(String(plays)).toBe("Plays(date=2026-11-20, country=rs, password=***)");
    expect([plays.password, plays.note]).toEqual(["hush", "kept"]);
  });

  it("prefers what is given", () => {
    expect(Plays.from(top, { country: "is" }).country).toBe("is");
  });

  it("makes a clone with changes from a task of the same class", () => {
    expect(String(Top.from(top, { top: 5 }))).toBe("Top(date=2026-11-20, country=rs, password=***, top=5)");
    expect(Top.from(top)).toEqual(top);
  });

  it("falls back on defaults for what the source does not have", () => {
    expect(Plays.from(new Other({ date, size: 1 })).country).toBe("se");
  });

  it("takes parameters only, not whatever else a task has", () => {
    class Ranked extends Job.with({ rank: p.int({ default: 7 }) }) {}
    class Source extends Job {
      readonly rank = 1;
    }
    expect(Ranked.from(new Source()).rank).toBe(7);
  });

  it("refuses what is missing and what the class does not have", () => {
    expect(() => Other.from(top as never)).toThrow(leatError("PARAMETER_MISSING", "Other.size"));
    expect(() => Plays.from(top, { size: 1 } as never)).toThrow(leatError("PARAMETER_UNKNOWN", '"size"'));
  });

  it("checks values as the constructor does", () => {
    class Narrow extends Job.with({ country: p.choice(["se"]) }) {}
    expect(() => Narrow.from(top as never)).toThrow(leatError("PARAMETER_INVALID", "Narrow.country", '"rs"'));
  });
});
