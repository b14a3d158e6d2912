import { signal } from "@preact/signals";
import { percentDecoded } from "../words/format.ts";

/** Where the user is: a view, what it is about, and how it is set. All of it stands behind the `#` of the URL. */
export interface Place {
  readonly view: string;
  /** Id of a task, for example; empty when the view has none. */
  readonly subject: string;
  readonly params: URLSearchParams;
}

/** Changes of parameters; `undefined` and the empty text take one away, lists are repeated. */
export type ParamChanges = { readonly [name: string]: string | readonly string[] | undefined };

export function parsePlace(hash: string): Place {
  const [path = "", query = ""] = splitAt(hash.replace(/^#\/?/, ""), "?");
  const [view = "", subject = ""] = splitAt(path, "/");
  return {
    view: view === "" ? "tasks" : view,
    subject: percentDecoded(subject),
    params: new URLSearchParams(query),
  };
}

export function toHash(view: string, subject = "", params: URLSearchParams = new URLSearchParams()): string {
  const path = subject === "" ? view : `${view}/${encodeURIComponent(subject)}`;
  return `#/${path}${params.size === 0 ? "" : `?${params.toString()}`}`;
}

function splitAt(text: string, mark: string): [string, string] {
  const index = text.indexOf(mark);
  return index < 0 ? [text, ""] : [text.slice(0, index), text.slice(index + 1)];
}

export function withChanges(params: URLSearchParams, changes: ParamChanges): URLSearchParams {
  const changed = new URLSearchParams(params);
  for (const [name, value] of Object.entries(changes)) {
    changed.delete(name);
    const values = value === undefined || value === "" ? [] : typeof value === "string" ? [value] : value;
    for (const item of values) changed.append(name, item);
  }
  return changed;
}

export const place = signal<Place>(parsePlace(globalThis.location?.hash ?? ""));

export function followLocation(): void {
  addEventListener("hashchange", () => (place.value = parsePlace(location.hash)));
}

/** Sets parameters of the view. The step is not one to go back to when `replaces` is true, as while typing. */
export function setParams(changes: ParamChanges, { replaces = false } = {}): void {
  const { view, subject, params } = place.peek();
  go(toHash(view, subject, withChanges(params, changes)), { replaces });
}

export function go(hash: string, { replaces = false } = {}): void {
  if (!replaces) location.hash = hash;
  else {
    history.replaceState(null, "", hash);
    place.value = parsePlace(hash);
  }
}
