import { ExternalTask, LocalTarget, p } from "leat";
import { Made } from "./made.ts";

const OBJECTS = ["main", "greeting"] as const;

/** A file that somebody writes. */
export class Source extends ExternalTask.with({ path: p.string() }) {
  override output() {
    return new LocalTarget(this.path);
  }
}

/** The rule `%.o: %.c`. */
export class ObjectFile extends Made.with({ name: p.string() }) {
  override requires() {
    return [new Source({ path: `src/${this.name}.c` }), new Source({ path: "src/greeting.h" })];
  }
  override output() {
    return new LocalTarget(`out/${this.name}.o`);
  }
  override command(path: string) {
    return ["gcc", "-Wall", "-O2", "-c", `src/${this.name}.c`, "-o", path];
  }
}

/** The program, linked. */
export class Program extends Made.with({ objects: p.choiceList(OBJECTS, { default: OBJECTS }) }) {
  override requires() {
    return this.objects.map((name) => new ObjectFile({ name }));
  }
  override output() {
    return new LocalTarget("out/hello");
  }
  override command(path: string) {
    return ["gcc", ...this.input().map(String), "-o", path];
  }
}
