import { useState } from "preact/hooks";
import type { TaskPage } from "../api/types.ts";
import { place, setParams } from "../live/location.ts";
import { mayOperate } from "../live/session.ts";
import { BlockedFilters } from "../tasks/blocked-filters.tsx";
import { FamilyList } from "../tasks/family-list.tsx";
import { SearchBox } from "../tasks/search-box.tsx";
import { SelectionBar } from "../tasks/selection-bar.tsx";
import { StateTiles } from "../tasks/state-tiles.tsx";
import { PAGE_SIZES, parseTaskQuery, type TaskQuery } from "../tasks/task-query.ts";
import { TaskTable } from "../tasks/task-table.tsx";
import { useTaskPage } from "../tasks/use-task-page.ts";
import { Blank, Shown } from "../ui/blank.tsx";
import { Button } from "../ui/button.tsx";
import { useTitle } from "../ui/title.ts";
import { formatCount, plural } from "../words/format.ts";

/** All tasks: how many of what, and a list to search, sort and act on. */
export function TasksView() {
  useTitle("Tasks");
  const query = parseTaskQuery(place.value.params);
  const page = useTaskPage(query);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  return (
    <div class="tasks">
      <h1 class="unseen">Tasks</h1>
      <StateTiles chosen={query.statuses} />
      <div class="tasks-columns">
        <FamilyList chosen={query.families} />
        <section class="tasks-main" aria-label="List of tasks">
          <Tools query={query} />
          <Shown of={page}>
            {(data) => (
              <>
                {data.tasks.length === 0 ? (
                  <NoTasks query={query} />
                ) : (
                  <TaskTable
                    page={data}
                    query={query}
                    selected={selected}
                    onSelect={setSelected}
                    onDone={page.reload}
                    hold={page.hold}
                  />
                )}
                <Pager page={data} query={query} />
                {selected.size === 0 || !mayOperate.value ? null : (
                  <SelectionBar
                    selected={selected}
                    total={data.total}
                    query={query}
                    onSelect={setSelected}
                    onDone={() => {
                      setSelected(new Set());
                      page.reload();
                    }}
                  />
                )}
              </>
            )}
          </Shown>
        </section>
      </div>
    </div>
  );
}

function isFiltered({ search, statuses, families, blocked }: TaskQuery): boolean {
  return search !== "" || statuses.length > 0 || families.length > 0 || blocked !== undefined;
}

function Tools({ query }: { readonly query: TaskQuery }) {
  return (
    <div class="tools">
      <SearchBox search={query.search} placeholder="Search names, parameters, ids" />
      <BlockedFilters chosen={query.blocked} />
      {isFiltered(query) ? (
        <Button icon="close" look="quiet" onClick={clearFilters}>
          Clear filters
        </Button>
      ) : null}
    </div>
  );
}

function clearFilters(): void {
  setParams({
    search: undefined,
    status: undefined,
    family: undefined,
    blocked: undefined,
    cursor: undefined,
  });
}

function NoTasks({ query }: { readonly query: TaskQuery }) {
  if (isFiltered(query))
    return <Blank title="No task matches.">Take away a filter, or search for less.</Blank>;
  return (
    <Blank title="No tasks yet.">
      <p>Start a worker with this scheduler:</p>
      <code class="code">leat run MODULE TASK --scheduler {new URL(".", document.baseURI).href}</code>
    </Blank>
  );
}

function Pager({ page, query }: { readonly page: TaskPage; readonly query: TaskQuery }) {
  const { cursors, size } = query;
  const first = cursors.length * size + 1;
  return (
    <nav class="pager" aria-label="Pages">
      <span class="quiet">
        {page.tasks.length === 0
          ? plural(page.total, "task")
          : `${formatCount(first)}–${formatCount(first + page.tasks.length - 1)} of ${plural(page.total, "task")}`}
      </span>
      <label class="pager-size quiet">
        Rows
        <select
          class="input"
          value={size}
          onChange={({ currentTarget }) => setParams({ size: currentTarget.value, cursor: undefined })}
        >
          {PAGE_SIZES.map((rows) => (
            <option key={rows} value={rows}>
              {rows}
            </option>
          ))}
        </select>
      </label>
      <Button
        icon="left"
        label="Previous page"
        isDisabled={cursors.length === 0}
        onClick={() => setParams({ cursor: cursors.slice(0, -1) })}
      />
      <Button
        icon="right"
        label="Next page"
        isDisabled={page.nextCursor === null}
        onClick={() => setParams({ cursor: [...cursors, page.nextCursor ?? ""] })}
      />
    </nav>
  );
}
