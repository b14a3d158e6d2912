import { byPosition, p, Temporal } from "@leat/core";
import { describe, expect, it } from "vitest";
import { Job, leatError } from "./support.ts";

const date = Temporal.PlainDate.from("2026-11-20");

class Songs extends Job.with({ date: p.date(), country: p.string(), top: p.int({ default: 10 }) }) {}

describe("byPosition()", () => {
  const songs = byPosition(Songs, "date", "country");

  it("makes the task that named values make", () => {
    expect(songs(date, "se").id).toBe(new Songs({ date, country: "se" }).id);
  });

  it("takes the others by name, after the values", () => {
    expect(String(songs(date, "se", { top: 3 }))).toBe("Songs(date=2026-11-20, country=se, top=3)");
  });

  it("goes by the order that is written, not by that of the declaration", () => {
    expect(String(byPosition(Songs, "top", "date")(3, date, { country: "rs" }))).toBe(
      "Songs(date=2026-11-20, country=rs, top=3)",
    );
  });

  it("refuses more values than there are names", () => {
    expect(() => (songs as Function)(date, "se", {}, 3)).toThrow(
      leatError("PARAMETER_UNKNOWN", "Songs takes date, country by position", "4 values"),
    );
  });

  it("refuses a name that the class does not have", () => {
    expect(() => byPosition(Songs, "contry" as never)).toThrow(leatError("PARAMETER_UNKNOWN", '"contry"'));
  });

  it("checks values as the constructor does, and misses those that were not given", () => {
    expect(() => (songs as Function)("2026-11-20", "se")).toThrow(
      leatError("PARAMETER_INVALID", "Songs.date"),
    );
    expect(() => (songs as Function)(date)).toThrow(leatError("PARAMETER_MISSING", "Songs.country"));
  });
});
