import { useEffect, useRef } from "preact/hooks";
import type uPlot from "uplot";
import type { Attempt, AttemptPage } from "../api/types.ts";
import { client } from "../live/session.ts";
import { theme } from "../live/theme.ts";
import { useLoaded } from "../live/use-loaded.ts";
import { Shown } from "../ui/blank.tsx";
import { plural } from "../words/format.ts";
import { plotOptions } from "./plot-options.ts";

/** The newest attempts are plotted. */
const MOST_POINTS = 1000;

/** How long the attempts of a family took, over time; failed ones are marked by colour and shape. */
export function FamilyPlot({ family }: { readonly family: string }) {
  const loaded = useLoaded(family, (signal) =>
    client.get<AttemptPage>("attempts", { family, limit: MOST_POINTS }, signal),
  );
  return (
    <section class="card" aria-label={`Run times of ${family}`}>
      <h2>Run times of {family}</h2>
      <Shown of={loaded}>{({ attempts }) => <Plot attempts={attempts} />}</Shown>
    </section>
  );
}

function Plot({ attempts }: { readonly attempts: readonly Attempt[] }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { current } = place;
    if (current === null) return undefined;
    let plot: uPlot | undefined;
    let isGone = false;
    const resize = new ResizeObserver(() => plot?.setSize({ width: current.clientWidth, height: 300 }));
    // The library for plots is fetched when the first plot is drawn.
    void import("uplot").then(({ default: Plot }) => {
      if (isGone) return;
      plot = new Plot(plotOptions(current), seriesOf(attempts), current);
      resize.observe(current);
    });
    return () => {
      isGone = true;
      resize.disconnect();
      plot?.destroy();
    };
  }, [attempts, theme.value]);
  const failed = attempts.filter(({ outcome }) => outcome !== "DONE").length;
  return (
    <>
      <div ref={place} class="plot" aria-hidden="true" />
      <p class="quiet">
        {plural(attempts.length, "attempt")}, {failed} of them failed. <span class="key key-done">done</span>{" "}
        <span class="key key-failed">failed</span>
      </p>
    </>
  );
}

/** Starts in seconds, and the seconds that done and that failed attempts took. */
function seriesOf(attempts: readonly Attempt[]): uPlot.AlignedData {
  const oldestFirst = attempts.toReversed();
  const took = ({ startedAt, endedAt }: Attempt) => Math.max(0.001, (endedAt - startedAt) / 1000);
  return [
    oldestFirst.map(({ endedAt }) => endedAt / 1000),
    oldestFirst.map((attempt) => (attempt.outcome === "DONE" ? took(attempt) : null)),
    oldestFirst.map((attempt) => (attempt.outcome === "DONE" ? null : took(attempt))),
  ];
}
