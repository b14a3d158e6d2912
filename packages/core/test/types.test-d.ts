import {
  type ConcreteTaskClass,
  type DateInterval,
  ExternalTask,
  type Json,
  MemoryTarget,
  p,
  type Producing,
  type StandardSchema,
  Task,
  Temporal,
  WrapperTask,
} from "@leat/core";
import { expectTypeOf } from "vitest";

const date = Temporal.PlainDate.from("2026-11-20");

class Streams extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new MemoryTarget(`streams/${this.date}`);
  }
}

class TopSongs extends Task.with({
  date: p.date(),
  country: p.choice(["se", "rs"]),
  top: p.int({ default: 10 }),
}) {
  override requires() {
    return { today: new Streams({ date: this.date }), past: [new Streams({ date: this.date })] };
  }
  override output() {
    return { songs: new MemoryTarget("songs"), log: new MemoryTarget("log") };
  }
  override run() {
    expectTypeOf(this.date).toEqualTypeOf<Temporal.PlainDate>();
    expectTypeOf(this.country).toEqualTypeOf<"se" | "rs">();
    expectTypeOf(this.top).toEqualTypeOf<number>();
    // @ts-expect-error a parameter is read-only
    this.top = 3;
  }
}

export function argumentsAreChecked() {
  new TopSongs({ date, country: "se" });
  new TopSongs({ date, country: "se", top: 3 });
  new TopSongs({ date, country: "se", top: undefined });
  // @ts-expect-error date is missing
  new TopSongs({ country: "se" });
  // @ts-expect-error all is missing
  new TopSongs();
  // @ts-expect-error date is not text
  new TopSongs({ date: "2026-11-20", country: "se" });
  // @ts-expect-error hr is not a choice
  new TopSongs({ date, country: "hr" });
  // @ts-expect-error top is a number
  new TopSongs({ date, country: "se", top: "3" });
  // @ts-expect-error limit is not a parameter
  new TopSongs({ date, country: "se", limit: 3 });
}

class Bare extends Task {
  override output() {
    return undefined;
  }
  override run() {}
}

export function aTaskWithoutParametersTakesNone() {
  new Bare();
  new Bare({});
  // @ts-expect-error it has no parameters
  new Bare({ top: 3 });
}

export function inputHasTheShapeOfRequires(task: TopSongs) {
  const { today, past } = task.input();
  expectTypeOf(today).toEqualTypeOf<MemoryTarget>();
  expectTypeOf(past).toEqualTypeOf<readonly MemoryTarget[]>();
  // @ts-expect-error requires() gives no yesterday
  void task.input().yesterday;
  // @ts-expect-error past is a list
  past.readText();
}

export function inputOfAWrapperIsAList() {
  class All extends WrapperTask.with({ date: p.date() }) {
    override requires() {
      return [new TopSongs({ date: this.date, country: "se" })];
    }
  }
  for (const { songs } of new All({ date }).input()) expectTypeOf(songs).toEqualTypeOf<MemoryTarget>();
  expectTypeOf(new All({ date }).output()).toEqualTypeOf<undefined>();
}

export function inputOfOneTaskIsItsOutput() {
  class Report extends Bare.with({ date: p.date() }) {
    override requires() {
      return new TopSongs({ date: this.date, country: "rs" });
    }
  }
  expectTypeOf(new Report({ date }).input().log).toEqualTypeOf<MemoryTarget>();
}

export function aTaskMayRequireItsOwnClass() {
  class Total extends Task.with({ date: p.date() }) {
    override requires(): Total | undefined {
      return this.date.day === 1 ? undefined : new Total({ date: this.date.subtract({ days: 1 }) });
    }
    override output() {
      return new MemoryTarget(`total/${this.date}`);
    }
    override async run() {
      await this.input()?.readText();
      // @ts-expect-error on the first day there is none
      await this.input().readText();
    }
  }
  return Total;
}

export function membersThatMustBeThere() {
  // @ts-expect-error output is missing
  class NoOutput extends Task.with({ date: p.date() }) {
    override run() {}
  }
  // @ts-expect-error run is missing
  class NoRun extends Task {
    override output() {
      return undefined;
    }
  }
  class NotATarget extends Task {
    // @ts-expect-error an output is not text
    override output() {
      return "songs.tsv";
    }
    override run() {}
  }
  class NotATask extends Bare.with({ date: p.date() }) {
    // @ts-expect-error what is required is not a target
    override requires() {
      return new MemoryTarget("songs");
    }
  }
  // @ts-expect-error Task.with gives an abstract class
  new (Task.with({ date: p.date() }))({ date });
  return [NoOutput, NoRun, NotATarget, NotATask];
}

abstract class CopyToTable extends Task.with({ table: p.string() }) {
  abstract rows(): Iterable<string>;
  override output() {
    return undefined;
  }
  override run() {}
}

export function abstractBaseClasses() {
  class Songs extends CopyToTable.with({ date: p.date() }) {
    override rows() {
      return [this.table, this.date.toString()];
    }
  }
  new Songs({ date, table: "songs" });
  // @ts-expect-error table, a parameter of the base class, is missing
  new Songs({ date });
  // @ts-expect-error rows is missing
  class NoRows extends CopyToTable.with({ date: p.date() }) {}
  expectTypeOf(Songs.family).toEqualTypeOf<string>();
  expectTypeOf(Songs.params.table).toEqualTypeOf(CopyToTable.params.table);
  return NoRows;
}

export function anAbstractTaskSaysWhatItReads() {
  abstract class Reads extends Task {
    abstract override requires(): Producing<MemoryTarget>;
    override output() {
      return undefined;
    }
    override async run() {
      await this.input().readText();
    }
  }
  class ReadsStreams extends Reads {
    override requires() {
      return new Streams({ date });
    }
  }
  class ReadsNothing extends Reads {
    // @ts-expect-error a Bare task has no MemoryTarget to read
    override requires() {
      return new Bare();
    }
  }
  return [ReadsStreams, ReadsNothing];
}

export function reservedNames() {
  // @ts-expect-error run is a member of Task
  Task.with({ run: p.int() });
  // @ts-expect-error id is a member of Task
  Task.with({ id: p.string() });
  // @ts-expect-error rows is a member of CopyToTable
  CopyToTable.with({ rows: p.int() });
  // @ts-expect-error a parameter is made with p
  Task.with({ date: "2026-11-20" });
  Task.with({ task: p.string() });
}

export function declaredAgain() {
  class Base extends Bare.with({ country: p.string(), top: p.int() }) {}
  class Narrower extends Base.with({ country: p.choice(["se", "rs"]), top: p.int({ default: 5 }) }) {}
  expectTypeOf(new Narrower({ country: "se" }).country).toEqualTypeOf<"se" | "rs">();
  // @ts-expect-error hr is no longer accepted
  new Narrower({ country: "hr" });
  class Shared extends Bare.with({ ...TopSongs.params, copies: p.int() }) {}
  expectTypeOf(new Shared({ date, country: "rs", copies: 1 }).top).toEqualTypeOf<number>();
}

const Color = { Red: "#f00", Green: 5 } as const;
declare enum Size {
  Small = 0,
  Large = 1,
}

export function valuesOfParameters() {
  class All extends Bare.with({
    string: p.string(),
    int: p.int(),
    float: p.float(),
    numerical: p.numerical("int", { minimum: 1 }),
    bool: p.bool(),
    date: p.date({ intervalDays: 7 }),
    month: p.month(),
    year: p.year(),
    dateHour: p.dateHour(),
    dateMinute: p.dateMinute(),
    dateSecond: p.dateSecond(),
    dateInterval: p.dateInterval(),
    timeDelta: p.timeDelta(),
    choice: p.choice(["se", "rs"]),
    number: p.choice([1, 2]),
    choiceList: p.choiceList(["se", "rs"]),
    color: p.enumOf(Color),
    size: p.enumOf(Size),
    colors: p.enumListOf(Color),
    list: p.list(),
    tuple: p.tuple(),
    dict: p.dict(),
    path: p.path(),
    taskClass: p.taskClass(),
    optional: p.optional(p.date()),
  }) {}
  type Values = InstanceType<typeof All>;
  expectTypeOf<Values["string"]>().toEqualTypeOf<string>();
  expectTypeOf<Values["int"]>().toEqualTypeOf<number>();
  expectTypeOf<Values["float"]>().toEqualTypeOf<number>();
  expectTypeOf<Values["numerical"]>().toEqualTypeOf<number>();
  expectTypeOf<Values["bool"]>().toEqualTypeOf<boolean>();
  expectTypeOf<Values["date"]>().toEqualTypeOf<Temporal.PlainDate>();
  expectTypeOf<Values["month"]>().toEqualTypeOf<Temporal.PlainYearMonth>();
  expectTypeOf<Values["year"]>().toEqualTypeOf<number>();
  expectTypeOf<Values["dateHour"]>().toEqualTypeOf<Temporal.PlainDateTime>();
  expectTypeOf<Values["dateMinute"]>().toEqualTypeOf<Temporal.PlainDateTime>();
  expectTypeOf<Values["dateSecond"]>().toEqualTypeOf<Temporal.PlainDateTime>();
  expectTypeOf<Values["dateInterval"]>().toEqualTypeOf<DateInterval>();
  expectTypeOf<Values["timeDelta"]>().toEqualTypeOf<Temporal.Duration>();
  expectTypeOf<Values["choice"]>().toEqualTypeOf<"se" | "rs">();
  expectTypeOf<Values["number"]>().toEqualTypeOf<1 | 2>();
  expectTypeOf<Values["choiceList"]>().toEqualTypeOf<readonly ("se" | "rs")[]>();
  expectTypeOf<Values["color"]>().toEqualTypeOf<"#f00" | 5>();
  expectTypeOf<Values["size"]>().toEqualTypeOf<Size>();
  expectTypeOf<Values["colors"]>().toEqualTypeOf<readonly ("#f00" | 5)[]>();
  expectTypeOf<Values["list"]>().toEqualTypeOf<readonly Json[]>();
  expectTypeOf<Values["tuple"]>().toEqualTypeOf<readonly Json[]>();
  expectTypeOf<Values["dict"]>().toEqualTypeOf<{ readonly [name: string]: Json }>();
  expectTypeOf<Values["path"]>().toEqualTypeOf<string>();
  expectTypeOf<Values["taskClass"]>().toEqualTypeOf<ConcreteTaskClass>();
  expectTypeOf<Values["optional"]>().toEqualTypeOf<Temporal.PlainDate | null>();
}

export function defaultsMakeArgumentsOptional() {
  class WithDefaults extends Bare.with({
    bool: p.bool(),
    choice: p.choice(["se", "rs"], { default: "se" }),
    choices: p.choiceList(["se", "rs"], { default: ["se"] }),
    color: p.enumOf(Color, { default: 5 }),
    colors: p.enumListOf(Color, { default: [] }),
    numerical: p.numerical("int", { minimum: 1, default: 1 }),
    list: p.list({ default: [1, "a"] }),
    dict: p.dict({ default: { a: [1] } }),
    month: p.month({ default: date.toPlainYearMonth() }),
    optional: p.optional(p.date()),
  }) {}
  new WithDefaults();
  new WithDefaults({ optional: null });
  // @ts-expect-error a number is not text
  p.string({ default: 5 });
  // @ts-expect-error hr is not a choice
  p.choice(["se", "rs"], { default: "hr" });
  // @ts-expect-error hr is not a choice
  p.choiceList(["se", "rs"], { default: ["hr"] });
  // @ts-expect-error a value of an enum, not its name
  p.enumOf(Color, { default: "Red" });
  // @ts-expect-error a date is not a month
  p.month({ default: date });
  // @ts-expect-error JSON has no dates
  p.list({ default: [date] });
  // @ts-expect-error months are not days
  p.date({ intervalMonths: 1 });
  // @ts-expect-error what is to be null must be made optional
  p.date({ default: null });
}

export function schemasGiveTheirTypes(numbers: StandardSchema<number[]>) {
  const ports = (value: unknown): { host: string; ports: number[] } => value as never;
  class WithSchemas extends Bare.with({
    numbers: p.list({ schema: numbers }),
    pair: p.tuple({ schema: (value: [string, number]) => value, default: ["a", 1] }),
    ports: p.dict({ schema: ports }),
  }) {}
  const task = new WithSchemas({ numbers: [1], ports: { host: "a", ports: [21] } });
  expectTypeOf(task.numbers).toEqualTypeOf<readonly number[]>();
  expectTypeOf(task.pair).toEqualTypeOf<readonly [string, number]>();
  expectTypeOf(task.ports).toEqualTypeOf<{ readonly host: string; readonly ports: readonly number[] }>();
  // @ts-expect-error the schema wants numbers
  new WithSchemas({ numbers: ["a"], ports: { host: "a", ports: [] } });
  // @ts-expect-error values are frozen
  task.ports.ports.push(22);
  // @ts-expect-error a list is not a dict
  p.list({ schema: ports });
  // @ts-expect-error the default must be what the schema gives
  p.list({ schema: numbers, default: ["a"] });
}

export function taskClassesAreConcrete() {
  const classes: readonly ConcreteTaskClass[] = [TopSongs, Streams, Bare];
  // @ts-expect-error CopyToTable is abstract
  const abstractOne: ConcreteTaskClass = CopyToTable;
  return [classes, abstractOne];
}
