import { FirstAction } from "../actions/action-buttons.tsx";
import type { TaskPage, TaskView } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { setParams } from "../live/location.ts";
import { mayOperate } from "../live/session.ts";
import { State } from "../ui/state-icon.tsx";
import { TaskName } from "../ui/task-link.tsx";
import { formatRelative, formatTime } from "../words/format.ts";
import { TaskNow } from "./task-now.tsx";
import { defaultOrder, type SortKey, type TaskQuery } from "./task-query.ts";

interface TableProps {
  readonly page: TaskPage;
  readonly query: TaskQuery;
  readonly selected: ReadonlySet<string>;
  readonly onSelect: (selected: ReadonlySet<string>) => void;
  readonly onDone: () => void;
  readonly hold: (isHeld: boolean) => void;
}

export function TaskTable({ page, query, selected, onSelect, onDone, hold }: TableProps) {
  const ids = page.tasks.map(({ taskId }) => taskId);
  const isAll = ids.length > 0 && ids.every((id) => selected.has(id));
  return (
    <table class="table tasks-table" onPointerEnter={() => hold(true)} onPointerLeave={() => hold(false)}>
      <thead>
        <tr>
          {mayOperate.value ? (
            <th class="cell-check">
              <input
                type="checkbox"
                aria-label="Select this page"
                checked={isAll}
                onChange={() => onSelect(isAll ? without(selected, ids) : new Set([...selected, ...ids]))}
              />
            </th>
          ) : null}
          <th>State</th>
          <SortHeader name="Task" sort="family" query={query} />
          <th>Now</th>
          <SortHeader name="Priority" sort="priority" query={query} />
          <SortHeader name="Changed" sort="updated" query={query} />
          <th>
            <span class="unseen">Do</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {page.tasks.map((task) => (
          <Row
            key={task.taskId}
            task={task}
            isSelected={selected.has(task.taskId)}
            onToggle={() =>
              onSelect(
                selected.has(task.taskId)
                  ? without(selected, [task.taskId])
                  : new Set([...selected, task.taskId]),
              )
            }
            onDone={onDone}
          />
        ))}
      </tbody>
    </table>
  );
}

function without(selected: ReadonlySet<string>, ids: readonly string[]): Set<string> {
  const left = new Set(selected);
  for (const id of ids) left.delete(id);
  return left;
}

interface RowProps {
  readonly task: TaskView;
  readonly isSelected: boolean;
  readonly onToggle: () => void;
  readonly onDone: () => void;
}

function Row({ task, isSelected, onToggle, onDone }: RowProps) {
  return (
    <tr class={isSelected ? "row-selected" : ""}>
      {mayOperate.value ? (
        <td class="cell-check">
          <input
            type="checkbox"
            aria-label={`Select ${task.taskId}`}
            checked={isSelected}
            onChange={onToggle}
          />
        </td>
      ) : null}
      <td class="cell-state">
        <State status={task.status} />
      </td>
      <td class="cell-task">
        <TaskName task={task} />
      </td>
      <td class="cell-now">
        <TaskNow task={task} />
      </td>
      <td class="cell-number">{task.priority}</td>
      <td class="cell-time" title={formatTime(task.updatedAt)}>
        {formatRelative(task.updatedAt, now.value)}
      </td>
      <td class="cell-do">
        <FirstAction taskId={task.taskId} status={task.status} onDone={onDone} />
      </td>
    </tr>
  );
}

function SortHeader({
  name,
  sort,
  query,
}: {
  readonly name: string;
  readonly sort: SortKey;
  readonly query: TaskQuery;
}) {
  const isSorted = query.sort === sort;
  const order = isSorted ? (query.isDescending ? "descending" : "ascending") : undefined;
  const turn = () => {
    const wanted = isSorted ? (query.isDescending ? "asc" : "desc") : defaultOrder(sort);
    setParams({ sort, order: wanted, cursor: undefined });
  };
  return (
    <th aria-sort={order} class={sort === "priority" ? "cell-number" : ""}>
      <button type="button" class={`sort ${order === undefined ? "" : `sort-${order}`}`} onClick={turn}>
        {name}
      </button>
    </th>
  );
}
