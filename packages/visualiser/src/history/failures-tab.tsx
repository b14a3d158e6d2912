import type { Attempt, AttemptPage } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { toHash } from "../live/location.ts";
import { client } from "../live/session.ts";
import { useLoaded, useReload } from "../live/use-loaded.ts";
import { errorLine } from "../tasks/task-now.tsx";
import { Blank, Shown } from "../ui/blank.tsx";
import { WideTable } from "../ui/wide-table.tsx";
import { formatDuration, formatRelative, formatTime } from "../words/format.ts";

/** The newest attempts that did not end well. */
export function FailuresTab() {
  const loaded = useLoaded("failures", (signal) => readFailures(signal));
  useReload(
    ({ events }) => events.some((event) => event.type === "task:status" && event.to === "FAILED"),
    loaded.reload,
  );
  return (
    <Shown of={loaded}>
      {(failures) =>
        failures.length === 0 ? (
          <Blank title="No failures remembered.">Good.</Blank>
        ) : (
          <section class="card" aria-label="Failures">
            <WideTable label="Failed attempts">
              <thead>
                <tr>
                  <th>When</th>
                  <th>Task</th>
                  <th>Error</th>
                  <th>Worker</th>
                  <th class="cell-number">Took</th>
                </tr>
              </thead>
              <tbody>
                {failures.map((failure) => (
                  <Failure key={`${failure.token} ${failure.taskId}`} failure={failure} />
                ))}
              </tbody>
            </WideTable>
          </section>
        )
      }
    </Shown>
  );
}

function Failure({ failure }: { readonly failure: Attempt }) {
  const { taskId, family, startedAt, endedAt, worker, explanation, reason } = failure;
  return (
    <tr>
      <td class="cell-time" title={formatTime(endedAt)}>
        {formatRelative(endedAt, now.value)}
      </td>
      <td>
        <a class="task-name" href={toHash("task", taskId)}>
          <span class="task-family">{family === "" ? taskId : family}</span>
          <span class="task-params">
            {Object.entries(failure.params)
              .map(([name, value]) => `${name}=${value}`)
              .join(", ")}
          </span>
        </a>
      </td>
      <td class="failure-text">{explanation === null ? reason : errorLine(explanation)}</td>
      <td>{worker}</td>
      <td class="cell-number">{formatDuration(endedAt - startedAt)}</td>
    </tr>
  );
}

const WANTED = 100;
const MOST_PAGES = 5;

/** leatd gives attempts newest first, good and bad; the page looks for the bad ones among some thousands. */
async function readFailures(signal: AbortSignal): Promise<Attempt[]> {
  const failures: Attempt[] = [];
  let cursor: number | undefined;
  for (let page = 0; page < MOST_PAGES && failures.length < WANTED; page++) {
    const { attempts, nextCursor } = await client.get<AttemptPage>(
      "attempts",
      { limit: 1000, cursor },
      signal,
    );
    failures.push(...attempts.filter(({ outcome }) => outcome === "FAILED" || outcome === "DISABLED"));
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return failures.slice(0, WANTED);
}
