import { useState } from "preact/hooks";
import { ACTIONS, ALL_ACTIONS } from "../actions/actions.ts";
import { askToAct } from "../actions/act-dialog.tsx";
import type { TaskPage } from "../api/types.ts";
import { client } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { attempt } from "../ui/toast.tsx";
import { formatCount, plural } from "../words/format.ts";
import { type TaskQuery, toApiQuery } from "./task-query.ts";

/** More than this at once is asked for by narrowing the list first. */
const MOST_SELECTED = 10_000;
const PART = 1000;

interface BarProps {
  readonly selected: ReadonlySet<string>;
  readonly total: number;
  readonly query: TaskQuery;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onDone: () => void;
}

/** What can be done to the selected tasks together. */
export function SelectionBar({ selected, total, query, onSelect, onDone }: BarProps) {
  const [isGathering, setGathering] = useState(false);
  const gather = async () => {
    setGathering(true);
    try {
      onSelect(await matchingIds(query));
    } finally {
      setGathering(false);
    }
  };
  return (
    <div class="selection" role="region" aria-label="Selected tasks">
      <span class="selection-count">{plural(selected.size, "task")} selected</span>
      {selected.size < total && total <= MOST_SELECTED ? (
        <Button look="quiet" isDisabled={isGathering} onClick={() => attempt(gather())}>
          Select all {formatCount(total)} that match
        </Button>
      ) : null}
      <span class="selection-actions">
        {ALL_ACTIONS.map((action) => (
          <Button
            key={action}
            icon={ACTIONS[action].icon}
            look={ACTIONS[action].isGrave === true ? "danger" : "plain"}
            onClick={() => askToAct(action, [...selected], onDone)}
          >
            {ACTIONS[action].name}
          </Button>
        ))}
      </span>
      <Button icon="close" label="Select none" look="quiet" onClick={() => onSelect(new Set())} />
    </div>
  );
}

/** Ids of all tasks that the query finds, on all pages. */
async function matchingIds(query: TaskQuery): Promise<Set<string>> {
  const ids = new Set<string>();
  let cursor: string | undefined;
  do {
    const part = await client.get<TaskPage>("tasks", { ...toApiQuery(query), limit: PART, cursor });
    for (const { taskId } of part.tasks) ids.add(taskId);
    cursor = part.nextCursor ?? undefined;
  } while (cursor !== undefined && ids.size < MOST_SELECTED);
  return ids;
}
