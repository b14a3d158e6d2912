const SHOWN_CHARACTERS = 80;

/**
 * What a statement of a hook or a query is called in messages: `run "insert into totals select day, count(*)…"`. Its first line
 * that is not empty, for it may have hundreds. Bound values are no part of it.
 */
export function statementAction(text: string): string {
  const all = text.trim();
  const [line = ""] = all.split("\n", 1);
  const shown = line.trim().slice(0, SHOWN_CHARACTERS);
  return `run "${shown}${shown.length < all.length ? "…" : ""}"`;
}
