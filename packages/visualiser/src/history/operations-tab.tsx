import type { Operation, OperationPage } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { client } from "../live/session.ts";
import { useLoaded, usePolling, useReload } from "../live/use-loaded.ts";
import { Blank, Shown } from "../ui/blank.tsx";
import { TaskLink } from "../ui/task-link.tsx";
import { WideTable } from "../ui/wide-table.tsx";
import { formatCount, formatRelative, formatTime } from "../words/format.ts";
import { operationText } from "../words/operations.ts";

/** Of what is set no event tells. */
const POLL_MS = 3000;

/** The newest are shown. */
const WANTED = 200;

/** What operators did, and why. */
export function OperationsTab() {
  const loaded = useLoaded("operations", (signal) =>
    client.get<OperationPage>("operations", { limit: WANTED }, signal),
  );
  useReload(({ events }) => events.length > 0, loaded.reload);
  usePolling(true, POLL_MS, loaded.reload);
  return (
    <Shown of={loaded}>
      {({ operations }) =>
        operations.length === 0 ? (
          <Blank title="No operator has done anything yet." />
        ) : (
          <section class="card" aria-label="What operators did">
            <WideTable label="Operations">
              <thead>
                <tr>
                  <th>When</th>
                  <th>What</th>
                  <th>Tasks</th>
                  <th>Reason</th>
                </tr>
              </thead>
              <tbody>
                {operations.map((operation, index) => (
                  <Row key={operations.length - index} operation={operation} />
                ))}
              </tbody>
            </WideTable>
          </section>
        )
      }
    </Shown>
  );
}

/** Ids that are named in a row. */
const NAMED = 3;

function Row({ operation }: { readonly operation: Operation }) {
  const { at, reason, taskIds, tasks } = operation;
  const named = taskIds.slice(0, NAMED);
  return (
    <tr>
      <td class="cell-time" title={formatTime(at)}>
        {formatRelative(at, now.value)}
      </td>
      <td>{operationText(operation)}</td>
      <td>
        <ul class="operation-tasks">
          {named.map((taskId) => (
            <li key={taskId}>
              <TaskLink taskId={taskId} />
            </li>
          ))}
          {tasks > named.length ? <li class="quiet">and {formatCount(tasks - named.length)} more</li> : null}
        </ul>
      </td>
      <td>{reason}</td>
    </tr>
  );
}
