import { type ConcreteTaskClass, p, Task } from "@leat/core";
import type { Graph, GraphTask } from "./random-graphs.ts";

/** Tasks that behave as a graph says, as `luigi_summaries.py` has them. */
export function tasksOf(graph: Graph): Task[] {
  const entries = new Map<string, GraphTask>();
  const done = new Set<string>();
  const entryOf = ({ id }: Task): GraphTask => entries.get(id) as GraphTask;

  abstract class Job extends Task {
    override get disabled(): boolean {
      return entryOf(this).outcome === "disabled";
    }
    override get resources(): Readonly<Record<string, number>> {
      return entryOf(this).outcome === "denied" ? { database: 2 } : {};
    }
    override requires(): readonly Task[] {
      const { outcome, requires } = entryOf(this);
      if (outcome === "requires throws") throw new Error("no requirements today");
      return requires.map((place) => tasks[place] as Task);
    }
    override output(): undefined {
      return undefined;
    }
    override async complete(): Promise<boolean> {
      const { outcome } = entryOf(this);
      if (outcome === "complete throws") throw new Error("cannot tell");
      return outcome === "done" || done.has(this.id);
    }
    override run(): void {
      if (entryOf(this).outcome === "fails") throw new Error("boom");
      done.add(this.id);
    }
  }
  class Nothing extends Job {}
  class Number extends Job.with({ n: p.int() }) {}
  class Text extends Job.with({ name: p.string() }) {}
  class Daily extends Job.with({ date: p.date() }) {}
  class Minutely extends Job.with({ time: p.dateMinute() }) {}
  class Pair extends Job.with({ a: p.int(), b: p.string() }) {}
  class Insignificant extends Job.with({ a: p.int(), note: p.string({ significant: false }) }) {}
  class LongName extends Job.with({
    a_parameter_with_a_name_that_is_longer_than_any_summary_has_room_for: p.int(),
  }) {}
  class External extends Job.with({ month: p.month() }) {
    override get isExternal(): boolean {
      return true;
    }
  }
  const classes: readonly ConcreteTaskClass[] = [
    Nothing,
    Number,
    Text,
    Daily,
    Minutely,
    Pair,
    Insignificant,
    LongName,
    External,
  ];
  const tasks = graph.tasks.map(({ family, params }) => {
    const type = classes.find((candidate) => candidate.family === family) as ConcreteTaskClass;
    const values = Object.entries(params).map(([name, text]) => [name, type.params[name]?.parse(text, name)]);
    return new type(Object.fromEntries(values) as object);
  });
  tasks.forEach((task, place) => entries.set(task.id, graph.tasks[place] as GraphTask));
  return tasks;
}
