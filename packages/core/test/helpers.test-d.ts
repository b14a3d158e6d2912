import {
  byPosition,
  copies,
  ExternalTask,
  inherits,
  MemoryTarget,
  p,
  previous,
  requires,
  Task,
  Temporal,
} from "@leat/core";
import { expectTypeOf } from "vitest";

const date = Temporal.PlainDate.from("2026-11-20");

class Streams extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new MemoryTarget(`streams/${this.date}`);
  }
}

abstract class Quiet extends Task {
  override output() {
    return undefined;
  }
  override run() {}
}

class Bare extends Quiet {}

class TopSongs extends Quiet.with({
  date: p.date(),
  country: p.choice(["se", "rs"]),
  top: p.int({ default: 10 }),
}) {}

abstract class CopyToTable extends Quiet {
  abstract rows(): Iterable<string>;
}

export function inheritedParameters() {
  class Top extends inherits(Streams).with({ top: p.int() }) {
    override output() {
      return undefined;
    }
    override run() {}
  }
  expectTypeOf(new Top({ date, top: 3 }).date).toEqualTypeOf<Temporal.PlainDate>();
  // @ts-expect-error date, a parameter of Streams, is missing
  new Top({ top: 3 });
  // @ts-expect-error a class of tasks is wanted
  inherits(Date);
  // @ts-expect-error at least one class is wanted
  inherits();
}

export function requiredClasses() {
  class Top extends requires(Streams).with({ top: p.int() }) {
    override output() {
      return undefined;
    }
    override run() {
      void this.input().readText();
    }
  }
  expectTypeOf(new Top({ date, top: 3 }).requires()).toEqualTypeOf<Streams>();
  expectTypeOf(new Top({ date, top: 3 }).input()).toEqualTypeOf<MemoryTarget>();
  // @ts-expect-error date, a parameter of Streams, is missing
  new Top({ top: 3 });
  abstract class Both extends requires(Streams, TopSongs) {}
  expectTypeOf<ReturnType<Both["requires"]>>().toEqualTypeOf<readonly [Streams, TopSongs]>();
  abstract class Named extends requires({ streams: Streams, songs: TopSongs }) {}
  expectTypeOf<ReturnType<Named["requires"]>["songs"]>().toEqualTypeOf<TopSongs>();
  // @ts-expect-error tasks of an abstract class cannot be made
  requires(CopyToTable);
  // @ts-expect-error output and run are missing
  class Unfinished extends requires(Streams) {}
  return Unfinished;
}

export function copiedFiles() {
  class Copy extends copies(Streams) {
    override output() {
      return new MemoryTarget("copy");
    }
  }
  expectTypeOf(new Copy({ date }).requires()).toEqualTypeOf<Streams>();
  // @ts-expect-error output is missing
  class NoOutput extends copies(Streams) {}
  // @ts-expect-error Bare makes no file
  copies(Bare);
  return NoOutput;
}

export function stepsBack() {
  expectTypeOf(previous(new Streams({ date }))).toEqualTypeOf<Streams>();
  previous(new Streams({ date }), { param: "date" });
  // @ts-expect-error Streams has no parameter day
  previous(new Streams({ date }), { param: "day" });
}

export function valuesByPosition() {
  const songs = byPosition(TopSongs, "date", "country");
  expectTypeOf(songs(date, "se")).toEqualTypeOf<TopSongs>();
  songs(date, "se", { top: 5 });
  // @ts-expect-error the order is date, country
  songs("se", date);
  // @ts-expect-error country is missing
  songs(date);
  // @ts-expect-error country was given by position
  songs(date, "se", { country: "rs" });
  // @ts-expect-error TopSongs has no parameter contry
  byPosition(TopSongs, "contry");
  // @ts-expect-error date has no default, so it must be given by name
  byPosition(TopSongs, "country")("se");
}

export function tasksFromThis() {
  class Trend extends Quiet.with({ ...TopSongs.params }) {
    override requires() {
      const today = TopSongs.from(this);
      return {
        today,
        streams: [Streams.from(this), previous(Streams.from(this))],
        other: Streams.from(this, { date }),
      };
    }
  }
  expectTypeOf(new Trend({ date, country: "se" }).requires().today).toEqualTypeOf<TopSongs>();
  expectTypeOf(new Trend({ date, country: "se" }).input().other).toEqualTypeOf<MemoryTarget>();
  // @ts-expect-error country is missing
  TopSongs.from(new Streams({ date }));
  TopSongs.from(new Streams({ date }), { country: "se" });
}
