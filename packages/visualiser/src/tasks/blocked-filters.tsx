import type { Blocker } from "../api/types.ts";
import { setParams } from "../live/location.ts";
import { counts } from "../live/overview.ts";
import { StateIcon, stateClass } from "../ui/state-icon.tsx";
import { formatCount } from "../words/format.ts";
import { BLOCKERS } from "./task-query.ts";

const WORDS: { readonly [By in Blocker]: string } = {
  FAILED: "held up by a failure",
  DISABLED: "held up by a disabled task",
};

/** How many waiting tasks will not run until somebody does something about others. A click shows only these. */
export function BlockedFilters({ chosen }: { readonly chosen: Blocker | undefined }) {
  const blocked = counts.value?.blocked ?? {};
  return BLOCKERS.filter((by) => by === chosen || (blocked[by] ?? 0) > 0).map((by) => (
    <button
      key={by}
      type="button"
      class={`blocked ${stateClass(by)}`}
      aria-pressed={by === chosen}
      onClick={() =>
        setParams({ blocked: by === chosen ? undefined : by, status: undefined, cursor: undefined })
      }
    >
      <StateIcon status={by} />
      {formatCount(blocked[by] ?? 0)} {WORDS[by]}
    </button>
  ));
}
