import type { FileTarget } from "./file-target.ts";
import type { RunContext } from "./run-context.ts";
import { type ConcreteTaskClass, Task } from "./task.ts";
import type { AnyTaskClass, ParamShape, Producing, Requirements, TaskClass } from "./task-types.ts";

const SOURCES = Symbol("leat.sources");

/** A class whose parameters others take over. */
type Inheritable = AnyTaskClass & { readonly params: ParamShape };
type Requirable = ConcreteTaskClass & Inheritable;
type RequirableByName = { readonly [name: string]: Requirable };

/** The parameters of some classes, of each name the first. */
type InheritedParams<S> = S extends readonly [infer First extends Inheritable, ...infer Rest]
  ? First["params"] & Omit<InheritedParams<Rest>, keyof First["params"]>
  : {};

type NamesIn<Shape> = Shape extends unknown ? keyof Shape & string : never;
type ParamIn<Shape, K> = Shape extends { readonly [N in K & string]: infer P } ? P : never;

/** Of classes by name, no one knows which is the first: a parameter may be left out when all of them have a default. */
type ParamsByName<Shape> = { readonly [K in NamesIn<Shape>]: ParamIn<Shape, K> };

/** The required tasks as the classes were given: one alone, several in a list, or by name. */
type Required<S> = S extends readonly [infer Only extends Requirable]
  ? InstanceType<Only>
  : { readonly [K in keyof S]: S[K] extends Requirable ? InstanceType<S[K]> : never };

/** A class of tasks `T` with parameters `P`, from which one's own is derived. */
type Declared<T, P extends ParamShape> = T extends Task
  ? TaskClass<Omit<typeof Task, "prototype"> & (abstract new (...args: any) => T), P>
  : never;

interface Requiring<R extends Requirements> extends RequiringTask {
  requires(): R;
}

interface Copying<S extends Producing<FileTarget>> extends CopyingTask {
  requires(): S;
}

type RequiringIf<R> = R extends Requirements ? Requiring<R> : never;

/**
 * A base class with the parameters of other classes, as Luigi's `inherits`:
 * `class Top extends inherits(Plays).with({ top: p.int() })`. Where several have a name, the first counts; what `with` declares
 * again takes its place. `Plays.from(this)` makes the task of the other class.
 */
export function inherits<const S extends readonly [Inheritable, ...Inheritable[]]>(
  ...sources: S
): Declared<Task, InheritedParams<S>> {
  return Task.with(mergedParams(sources)) as never;
}

/**
 * A base class that requires tasks of other classes and has their parameters, as Luigi's `requires`. It makes each with the values
 * that both declare. `input()` is one output for one class, a list for several, and an object for classes by name:
 * `class Top extends requires({ plays: Plays, artists: Artists }).with({ top: p.int() })`.
 */
export function requires<const S extends readonly [Requirable, ...Requirable[]]>(
  ...sources: S
): Declared<RequiringIf<Required<S>>, InheritedParams<S>>;
export function requires<const S extends RequirableByName>(
  sources: S,
): Declared<RequiringIf<Required<S>>, ParamsByName<S[keyof S]["params"]>>;
export function requires(...given: readonly (Requirable | RequirableByName)[]): never {
  return declare(RequiringTask, arranged(given));
}

/**
 * A base class that copies the file that a task of another class makes to its own `output()`, as Luigi's `copies`:
 * `class Published extends copies(Report) { override output() { return new S3Target(…); } }`.
 */
export function copies<const S extends Requirable & (new (args?: any) => Producing<FileTarget>)>(
  source: S,
): Declared<Copying<InstanceType<S>>, S["params"]> {
  return declare(CopyingTask, source);
}

type Sources = Requirable | readonly Requirable[] | RequirableByName;

abstract class RequiringTask extends Task {
  override requires(): Requirements {
    const { [SOURCES]: sources } = this.constructor as unknown as { readonly [SOURCES]: Sources };
    return made(sources, (source) => (source as unknown as typeof Task & Requirable).from(this));
  }
}

abstract class CopyingTask extends RequiringTask {
  abstract override output(): FileTarget;

  override async run({ signal }: RunContext): Promise<void> {
    const source = this.requires() as Producing<FileTarget>;
    await source.output().copyTo(this.output(), { signal });
  }
}

function declare(base: Inheritable, sources: Sources): never {
  abstract class Declaring extends (base as unknown as typeof Task).with(mergedParams(listed(sources))) {
    static readonly [SOURCES] = sources;
  }
  return Declaring as never;
}

function arranged(given: readonly (Requirable | RequirableByName)[]): Sources {
  return given.length === 1 ? (given[0] as Sources) : (given as readonly Requirable[]);
}

function listed(sources: Sources): readonly Requirable[] {
  if (typeof sources === "function") return [sources];
  return Array.isArray(sources) ? (sources as readonly Requirable[]) : Object.values(sources);
}

function made(sources: Sources, make: (source: Requirable) => Task): Requirements {
  if (typeof sources === "function") return make(sources);
  if (Array.isArray(sources)) return (sources as readonly Requirable[]).map(make);
  return Object.fromEntries(Object.entries(sources).map(([name, source]) => [name, make(source)]));
}

/** In the order of the sources, of each name the first. */
function mergedParams(sources: readonly Inheritable[]): {} {
  const merged: Record<string, ParamShape[string]> = {};
  for (const { params } of sources) {
    for (const [name, param] of Object.entries<ParamShape[string]>(params)) merged[name] ??= param;
  }
  return merged;
}
