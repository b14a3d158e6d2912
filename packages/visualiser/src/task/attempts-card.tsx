import type { Attempt, TaskDetails } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { State } from "../ui/state-icon.tsx";
import { WideTable } from "../ui/wide-table.tsx";
import { formatDuration, formatTime } from "../words/format.ts";

/** All attempts that leatd remembers, newest first. */
export function AttemptsCard({
  task: { attempt, status },
  attempts,
}: {
  readonly task: TaskDetails;
  readonly attempts: readonly Attempt[];
}) {
  if (attempt === undefined && attempts.length === 0) return null;
  return (
    <section class="card" aria-label="Attempts">
      <h2>Attempts</h2>
      <WideTable label="All attempts">
        <thead>
          <tr>
            <th>Outcome</th>
            <th>Started</th>
            <th class="cell-number">Took</th>
            <th>Worker</th>
            <th>Why it ended</th>
          </tr>
        </thead>
        <tbody>
          {attempt === undefined ? null : (
            <tr>
              <td>
                <State status={status} />
              </td>
              <td class="cell-time">{formatTime(attempt.startedAt)}</td>
              <td class="cell-number">{formatDuration(now.value - attempt.startedAt)}</td>
              <td>{attempt.worker}</td>
              <td />
            </tr>
          )}
          {attempts.map((ended) => (
            <tr key={ended.token}>
              <td>
                <State status={ended.outcome} />
              </td>
              <td class="cell-time">{formatTime(ended.startedAt)}</td>
              <td class="cell-number">{formatDuration(ended.endedAt - ended.startedAt)}</td>
              <td>{ended.worker}</td>
              <td>{ended.reason}</td>
            </tr>
          ))}
        </tbody>
      </WideTable>
    </section>
  );
}
