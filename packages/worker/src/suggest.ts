import { distance } from "fastest-levenshtein";

// As Luigi: names further away than this are no likely misspellings.
const MAX_DISTANCE = 5;
const MAX_SUGGESTIONS = 3;
const SHOWN_NAMES = 20;

/** `There is no task "TopSong". Did you mean TopSongs?`, or all names when none is near. */
export function notFoundMessage(kind: string, wanted: string, known: readonly string[]): string {
  const near = nearNames(wanted, known);
  const shown = known.slice(0, SHOWN_NAMES).join(", ") + (known.length > SHOWN_NAMES ? ", …" : "");
  const cure = near.length > 0 ? `Did you mean ${near.join(" or ")}?` : `There are ${shown}.`;
  return `There is no ${kind} ${JSON.stringify(wanted)}. ${cure}`;
}

/** The nearest names and those about as near, if at least half of the letters agree. */
export function nearNames(wanted: string, known: readonly string[]): string[] {
  const near = known
    .map((name) => ({ name, away: distanceOf(wanted.toLowerCase(), name.toLowerCase()) }))
    .filter(({ name, away }) => away <= MAX_DISTANCE && 2 * away <= Math.max(name.length, wanted.length))
    .toSorted((a, b) => a.away - b.away || (a.name < b.name ? -1 : 1));
  const nearest = near[0]?.away ?? 0;
  return near
    .filter(({ away }) => away <= nearest + 1)
    .slice(0, MAX_SUGGESTIONS)
    .map(({ name }) => name);
}

/** A namespace that was forgotten is no distance. */
function distanceOf(wanted: string, name: string): number {
  const last = name.slice(name.lastIndexOf(".") + 1);
  return Math.min(distance(wanted, name), distance(wanted.slice(wanted.lastIndexOf(".") + 1), last));
}
