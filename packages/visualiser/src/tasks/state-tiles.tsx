import { setParams } from "../live/location.ts";
import { counts } from "../live/overview.ts";
import { StateIcon, stateClass } from "../ui/state-icon.tsx";
import { formatCount } from "../words/format.ts";
import { STATUSES, statusMeaning, statusName } from "../words/statuses.ts";
import { toggled } from "./task-query.ts";

/** Number of tasks in each state. A click shows only these, several show their union. */
export function StateTiles({ chosen }: { readonly chosen: readonly string[] }) {
  const byStatus = counts.value?.byStatus;
  return (
    <div class="tiles" role="group" aria-label="States">
      {STATUSES.map((status) => (
        <button
          key={status}
          type="button"
          class={`tile ${stateClass(status)} ${(byStatus?.[status] ?? 0) === 0 ? "tile-none" : ""}`}
          aria-pressed={chosen.includes(status)}
          title={statusMeaning(status)}
          onClick={() =>
            setParams({ status: toggled(chosen, status), blocked: undefined, cursor: undefined })
          }
        >
          <span class="tile-name">
            <StateIcon status={status} />
            {statusName(status)}
          </span>
          <span class="tile-count">{byStatus === undefined ? "–" : formatCount(byStatus[status] ?? 0)}</span>
        </button>
      ))}
    </div>
  );
}
