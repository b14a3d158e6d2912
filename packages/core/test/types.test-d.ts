import { expectTypeOf } from "vitest";
import { ExternalTask, type Producing, Target, Task, Temporal, WrapperTask, p } from "@leat/core";

class FakeTarget extends Target {
  async exists() {
    return true;
  }
  toString() {
    return "x";
  }
  text() {
    return "";
  }
}
class Streams extends ExternalTask.with({ date: p.date() }) {
  override output() {
    return new FakeTarget();
  }
}
class Agg extends Task.with({
  date: p.date(),
  top: p.int({ default: 10 }),
  country: p.choice(["se", "rs"]),
}) {
  override requires() {
    return { day: new Streams({ date: this.date }), many: [new Streams({ date: this.date })] };
  }
  override output() {
    return { a: new FakeTarget() };
  }
  override async run() {
    const { day, many } = this.input();
    expectTypeOf(day).toEqualTypeOf<FakeTarget>();
    expectTypeOf(many[0]!).toEqualTypeOf<FakeTarget>();
    expectTypeOf(this.country).toEqualTypeOf<"se" | "rs">();
  }
}
const d = Temporal.PlainDate.from("2026-01-01");
new Agg({ date: d, country: "se" });
// @ts-expect-error date missing
new Agg({ country: "se" });
// @ts-expect-error wrong
new Agg({ date: "2020", country: "se" });
// @ts-expect-error unknown
new Agg({ date: d, country: "se", nope: 1 });
// @ts-expect-error abstract member output missing
class NoOut extends Task.with({ a: p.int() }) {
  override run() {}
}
// @ts-expect-error abstract members
class NoOut2 extends Task {
  override run() {}
}
// @ts-expect-error name taken
Task.with({ run: p.int() });
class All extends WrapperTask.with({ date: p.date() }) {
  override requires() {
    return [new Agg({ date: this.date, country: "se" })];
  }
}
new All({ date: d }).input()[0]!.a.text();
abstract class Base extends Task.with({ table: p.string() }) {
  abstract rows(): string;
  override output() {
    return new FakeTarget();
  }
  override run() {}
}
// @ts-expect-error rows missing
class L1 extends Base.with({ date: p.date() }) {}
class L2 extends Base.with({ date: p.date() }) {
  rows() {
    return this.table;
  }
  abc = Base.family;
}
new L2({ date: d, table: "x" });
// @ts-expect-error table missing
new L2({ date: d });
abstract class Reads extends Task {
  abstract override requires(): Producing<FakeTarget>;
  override output() {
    return undefined;
  }
  override run() {
    this.input().text();
  }
}
class Plain extends Task {
  override output() {
    return undefined;
  }
  override run() {}
}
new Plain();
new Plain({});
// @ts-expect-error unknown
new Plain({ x: 1 });
export { NoOut, NoOut2, L1, Reads };
