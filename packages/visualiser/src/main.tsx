import "uplot/dist/uPlot.min.css";
import { effect } from "@preact/signals";
import { render } from "preact";
import { App } from "./app.tsx";
import { startLive } from "./live/live.ts";
import { followLocation } from "./live/location.ts";
import { startOverview } from "./live/overview.ts";
import { openSession, session } from "./live/session.ts";
import { applyTheme } from "./live/theme.ts";
import "./styles/index.css";

/** How soon the page asks again when leatd does not answer at first. */
const RETRY_MS = 2000;

applyTheme();
followLocation();
startOverview();
followWhileOpen();
open();
render(<App />, document.getElementById("page") as HTMLElement);

function open(): void {
  openSession().catch(() => setTimeout(open, RETRY_MS));
}

/** Events are followed as long as somebody is signed in, with the token of that time. */
function followWhileOpen(): void {
  let stop: AbortController | undefined;
  effect(() => {
    const isOpen = session.value.state === "open";
    if (isOpen && stop === undefined) startLive((stop = new AbortController()).signal);
    if (!isOpen) {
      stop?.abort();
      stop = undefined;
    }
  });
}
