import { useEffect, useRef } from "preact/hooks";
import { Button } from "../ui/button.tsx";
import { Blank } from "../ui/blank.tsx";
import { BoxView } from "./boxes.tsx";
import type { Box, Folded } from "./fold.ts";
import { BOX, type Layout, type Point } from "./layout.ts";
import { type GraphModel, hiddenDeps } from "./model.ts";
import { useLayout } from "./use-layout.ts";
import { useZoom } from "./use-zoom.ts";

interface DrawingProps {
  readonly model: GraphModel;
  readonly folded: Folded;
  readonly root: string;
  /** Id of the box in which the user is interested. */
  readonly chosen: string;
  readonly onChoose: (box: Box) => void;
  /** Counts up when the chosen box is to be brought to the middle. */
  readonly centred?: number;
}

/** The graph as a drawing to move around in. */
export function Drawing({ model, folded, root, chosen, onChoose, centred = 0 }: DrawingProps) {
  const svg = useRef<SVGSVGElement>(null);
  const layout = useLayout(folded);
  const { view, zoomBy, fit, centre } = useZoom(svg);
  const isFitted = useRef(false);
  useEffect(() => {
    if (layout === undefined || isFitted.current) return;
    isFitted.current = true;
    fit(layout, layout.places.get(root));
  }, [layout]);
  useEffect(() => {
    const place = layout?.places.get(chosen);
    if (centred > 0 && place !== undefined) centre(place);
  }, [centred, layout]);
  return (
    <div class="drawing">
      <svg
        ref={svg}
        role="group"
        aria-label="Graph of tasks: requirements on the left, dependents on the right"
      >
        <Arrow />
        <g transform={`scale(${view.scale}) translate(${-view.x} ${-view.y})`}>
          {layout === undefined ? null : (
            <>
              <Lines layout={layout} chosen={chosen} />
              {folded.boxes.map((box) => {
                const place = layout.places.get(box.id);
                return place === undefined ? null : (
                  <BoxView
                    key={box.id}
                    box={box}
                    place={place}
                    isChosen={box.id === chosen}
                    isRoot={box.id === root}
                    hidden={box.kind === "task" ? hiddenDeps(model, box.node) : 0}
                    onChoose={onChoose}
                  />
                );
              })}
            </>
          )}
        </g>
      </svg>
      {folded.boxes.length === 0 ? <Blank title="Nothing to draw." /> : null}
      <div class="drawing-tools">
        <Button icon="plus" label="Zoom in" onClick={() => zoomBy(1.25)} />
        <Button icon="minus" label="Zoom out" onClick={() => zoomBy(0.8)} />
        <Button icon="fit" label="Show all" onClick={() => layout && fit(layout)} />
      </div>
    </div>
  );
}

function Arrow() {
  return (
    <defs>
      <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
        <path d="M0 0L8 4L0 8z" class="arrow" />
      </marker>
    </defs>
  );
}

function Lines({ layout, chosen }: { readonly layout: Layout; readonly chosen: string }) {
  const placeOf = (box: string) => layout.places.get(box) ?? { x: 0, y: 0 };
  return (
    <g aria-hidden="true">
      {layout.lines.map(({ from, to, points }) => (
        <path
          key={`${from}\n${to}`}
          class={`line ${from === chosen || to === chosen ? "line-chosen" : ""}`}
          d={curveOf(placeOf(from), placeOf(to), points)}
          marker-end="url(#arrow)"
        />
      ))}
    </g>
  );
}

/** From the right side of a box to the left side of another, level where it begins and ends, bent around what is between. */
function curveOf(from: Point, to: Point, points: readonly Point[]): string {
  const start = { x: from.x + BOX.width / 2, y: from.y };
  const end = { x: to.x - BOX.width / 2 - 2, y: to.y };
  const stops = [start, ...(points.length > 3 ? points.slice(1, -1) : []), end];
  const bends = stops.slice(1).map((stop, index) => {
    const before = stops[index] as Point;
    const middle = (before.x + stop.x) / 2;
    return `C${middle} ${before.y} ${middle} ${stop.y} ${stop.x} ${stop.y}`;
  });
  return `M${start.x} ${start.y}${bends.join("")}`;
}
