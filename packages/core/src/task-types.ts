import type { ConfigTask } from "./config-task.ts";
import type { RunEventName, RunEvents } from "./events.ts";
import type { Param } from "./param.ts";
import type { Target } from "./target.ts";
import type { Task } from "./task.ts";

/** Declared parameters by name. */
export type ParamShape = { readonly [name: string]: Param<any> };

/** Nothing, a task, or a list of tasks. */
type RequiredTasks = undefined | Task | readonly Task[];

/**
 * What `requires()` may give: nothing, a task, a list of tasks, or an object of these. Not of any depth, as Luigi has it: a
 * type without end cannot be compared inside classes.
 */
export type Requirements = RequiredTasks | { readonly [name: string]: RequiredTasks };

/** What `output()` may give: nothing, a target, or targets in lists and objects of any depth. */
export type Outputs = undefined | Target | readonly Outputs[] | { readonly [name: string]: Outputs };

/** The outputs of required tasks, in the shape in which `requires()` gives the tasks. */
export type InputOf<R> = R extends Task
  ? ReturnType<R["output"]>
  : R extends readonly Task[]
    ? { readonly [K in keyof R]: R[K] extends Task ? ReturnType<R[K]["output"]> : never }
    : R extends { readonly [name: string]: RequiredTasks }
      ? { readonly [K in keyof R]: InputOf<R[K]> }
      : undefined;

/** A task with a known output: what an abstract task says of the requirement that it reads. */
export interface Producing<O extends Outputs> extends Task {
  output(): O;
}

/** The values that declared parameters give to an instance. */
export type ParamValues<P> = { readonly [K in keyof P]: P[K] extends Param<infer T> ? T : never };

type OptionalNames<P> = { [K in keyof P]: P[K] extends Param<any, true> ? K : never }[keyof P];

/** What the constructor takes: a parameter with a default may be left out. */
export type ParamArgs<P> = {
  readonly [K in Exclude<keyof P, OptionalNames<P>>]: P[K] extends Param<infer T> ? T : never;
} & {
  readonly [K in OptionalNames<P>]?: (P[K] extends Param<infer T> ? T : never) | undefined;
};

/** Settings take no arguments that they could have from the configuration. */
type ConstructorArgs<P, I> = I extends ConfigTask
  ? [args?: Partial<ParamArgs<P>>]
  : {} extends ParamArgs<P>
    ? [args?: ParamArgs<P>]
    : [args: ParamArgs<P>];

/** Names among the parameters `P` for which a task of type `S` has a value of the right type. */
type SharedNames<S, P> = {
  [K in keyof P]: K extends keyof S
    ? P[K] extends Param<infer T>
      ? S[K] extends T
        ? K
        : never
      : never
    : never;
}[keyof P];

type Overrides<S, P> = Omit<ParamArgs<P>, SharedNames<S, P>> &
  Partial<Pick<ParamArgs<P>, SharedNames<S, P> & keyof ParamArgs<P>>>;

/** The values that have to be given because they have no default. */
export type RequiredArgs<P> = Pick<ParamArgs<P>, Exclude<keyof P, OptionalNames<P>>>;

/** What has to be given, beside a task of type `S`, to make one with the parameters `P`. */
export type FromArgs<S, P> =
  {} extends Overrides<S, P> ? [overrides?: Overrides<S, P>] : [overrides: Overrides<S, P>];

/** An event as those hear it who listen to a class of task. */
export type ClassEvent<C extends AnyTaskClass, N extends RunEventName> = Omit<RunEvents[N], "task"> & {
  readonly task: InstanceType<C>;
};

export type AnyTaskClass = abstract new (...args: any) => Task;

/** Names that a parameter of a class derived from `Base` cannot have: those of members that are not parameters. */
export type ReservedNames<Base extends AnyTaskClass & { readonly params: ParamShape }> = Exclude<
  keyof InstanceType<Base>,
  keyof Base["params"] | "toString" | OpenNames<Base>
>;

/** Abstract members that may be parameters of subclasses: a class names them by `declare static readonly openNames: "table"`. */
type OpenNames<Base> = Base extends { readonly openNames: infer Names } ? Names : never;

/** The class that `Base.with(P)` gives: everything of `Base`, and the parameters of both. */
export type TaskClass<
  Base extends AnyTaskClass & { readonly params: ParamShape },
  P extends ParamShape,
> = Omit<Base, "params" | "prototype"> & {
  readonly params: Omit<Base["params"], keyof P> & P;
} & (abstract new (
    ...args: ConstructorArgs<Omit<Base["params"], keyof P> & P, InstanceType<Base>>
  ) => InstanceType<Base> & ParamValues<P>);
