/** `1,234,567` */
export function formatCount(count: number): string {
  return count.toLocaleString("en");
}

/** `0.3 s`, `12 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`: the two largest units. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 10 && !Number.isInteger(seconds)) return `${seconds.toFixed(seconds < 0.1 ? 2 : 1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  if (seconds < 3600) return pair(seconds, 60, "min", 1, "s");
  if (seconds < 86_400) return pair(seconds, 3600, "h", 60, "min");
  return pair(seconds, 86_400, "d", 3600, "h");
}

function pair(seconds: number, large: number, largeUnit: string, small: number, smallUnit: string): string {
  const whole = Math.floor(seconds / large);
  const rest = Math.floor((seconds % large) / small);
  return rest === 0 ? `${whole} ${largeUnit}` : `${whole} ${largeUnit} ${rest} ${smallUnit}`;
}

/** `12 s ago`, `in 3 min 20 s`, `just now` */
export function formatRelative(at: number, now: number): string {
  const ms = Math.round((at - now) / 1000) * 1000;
  if (ms === 0) return "just now";
  return ms < 0 ? `${formatDuration(-ms)} ago` : `in ${formatDuration(ms)}`;
}

const TIME = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "medium" });

/** `2026-11-21 12:30:05`, in the time zone of the browser. */
export function formatTime(at: number): string {
  return TIME.format(at);
}

/** A count with its noun: `1 task`, `12 tasks`. */
export function plural(count: number, one: string, many: string = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

/** The text that was encoded for a URL; as it is when it was not. */
export function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
