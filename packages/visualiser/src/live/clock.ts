import { signal } from "@preact/signals";

/** The time at leatd, in milliseconds since the Unix epoch; moves once a second. */
export const now = signal(Date.now());

let offsetMs = 0;

/** Takes over leatd's clock, so that durations are right on a machine whose own clock is not. */
export function setClock(serverNow: number): void {
  offsetMs = serverNow - Date.now();
  tick();
}

function tick(): void {
  now.value = Date.now() + offsetMs;
}

setInterval(tick, 1000);
