import type { RunEventName, RunEvents } from "./events.ts";

const LISTENERS = Symbol.for("leat.listeners");

type Listener = (event: never) => void | Promise<void>;
type ListenersByName = Map<RunEventName, Set<Listener>>;
/** Where a class keeps its listeners: on itself, so that all copies of this package find them. */
type Listening = { [LISTENERS]?: ListenersByName };

/** Registers a listener for the events of a class of task and of its subclasses; the result takes it away again. */
export function listenToClass(type: object, name: RunEventName, listener: Listener): () => void {
  const own = ownListeners(type);
  const listeners = own.get(name) ?? new Set();
  own.set(name, listeners);
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function ownListeners(type: Listening): ListenersByName {
  if (!Object.hasOwn(type, LISTENERS)) {
    Object.defineProperty(type, LISTENERS, { value: new Map() satisfies ListenersByName });
  }
  return type[LISTENERS] as ListenersByName;
}

/** Those who listen to the class of the task of an event: those of its base classes first. */
export function classListeners<N extends RunEventName>(name: N, event: RunEvents[N]): readonly Listener[] {
  const { task } = event as { readonly task?: object };
  const type = task?.constructor as Listening | undefined;
  // Inherited: where this is not found, no base class has listeners either. Planning emits an event for each requirement.
  if (type?.[LISTENERS] === undefined) return [];
  const found: Listener[][] = [];
  for (
    let each: Listening | null = type;
    each !== null;
    each = Object.getPrototypeOf(each) as Listening | null
  ) {
    if (Object.hasOwn(each, LISTENERS)) found.push([...(each[LISTENERS]?.get(name) ?? [])]);
  }
  return found.toReversed().flat();
}
