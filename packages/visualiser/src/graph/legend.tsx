import { StateShape, stateClass } from "../ui/state-icon.tsx";
import { STATUSES, statusMeaning, statusName } from "../words/statuses.ts";
import { outlineOf } from "./box-shape.ts";
import { BOX } from "./layout.ts";

/** What the shapes of the drawing mean. */
export function Legend() {
  return (
    <ul class="legend" aria-label="Shapes of the states">
      {STATUSES.map((status) => (
        <li key={status} title={statusMeaning(status)}>
          <svg
            class={`box ${stateClass(status)}`}
            viewBox={`-3 -3 ${BOX.width + 6} ${BOX.height + 6}`}
            aria-hidden="true"
          >
            <path class="box-outline" d={outlineOf(status)} />
            <g class="box-icon" transform="translate(80 -1) scale(3)">
              <StateShape status={status} />
            </g>
          </svg>
          {statusName(status)}
        </li>
      ))}
    </ul>
  );
}
