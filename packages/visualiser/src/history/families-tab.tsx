import type { FamilyRunTimes, FamilyTimes } from "../api/types.ts";
import { now } from "../live/clock.ts";
import { place, setParams } from "../live/location.ts";
import { client } from "../live/session.ts";
import { useLoaded, useReload } from "../live/use-loaded.ts";
import { Blank, Shown } from "../ui/blank.tsx";
import { WideTable } from "../ui/wide-table.tsx";
import { formatCount, formatDuration, formatRelative, formatTime } from "../words/format.ts";
import { FamilyPlot } from "./family-plot.tsx";

const SPANS = [
  ["day", "1 day", 1],
  ["week", "7 days", 7],
  ["month", "30 days", 30],
] as const;

const DAY_MS = 86_400_000;

/** Run times and failures by family; a plot over time of the chosen one. */
export function FamiliesTab() {
  const { params } = place.value;
  const span = SPANS.find(([name]) => name === params.get("span")) ?? SPANS[1];
  const loaded = useLoaded(span[0], (signal) =>
    client.get<FamilyTimes>("history/families", { since: Math.round(now.peek() - span[2] * DAY_MS) }, signal),
  );
  useReload(({ events }) => events.some(({ type }) => type === "task:status"), loaded.reload);
  return (
    <>
      <div class="tools history-tools">
        <label class="check">
          The last
          <select
            class="input"
            value={span[0]}
            onChange={({ currentTarget }) => setParams({ span: currentTarget.value })}
          >
            {SPANS.map(([name, title]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Shown of={loaded}>
        {({ families }) => <Families families={families} chosen={params.get("family")} />}
      </Shown>
    </>
  );
}

function Families({
  families,
  chosen,
}: {
  readonly families: readonly FamilyRunTimes[];
  readonly chosen: string | null;
}) {
  if (families.length === 0) return <Blank title="Nothing has run in this time." />;
  const shown = families.find(({ family }) => family === chosen) ?? families[0];
  return (
    <div class="history-columns">
      <section class="card" aria-label="Families">
        <WideTable label="Run times by family">
          <thead>
            <tr>
              <th>Family</th>
              <th class="cell-number">Attempts</th>
              <th class="cell-number">Failed</th>
              <th class="cell-number">Median</th>
              <th class="cell-number">Slowest 5 %</th>
              <th>Last</th>
            </tr>
          </thead>
          <tbody>
            {families.map((row) => (
              <FamilyRow key={row.family} row={row} isChosen={row === shown} />
            ))}
          </tbody>
        </WideTable>
      </section>
      {shown === undefined ? null : <FamilyPlot key={shown.family} family={shown.family} />}
    </div>
  );
}

function FamilyRow({ row, isChosen }: { readonly row: FamilyRunTimes; readonly isChosen: boolean }) {
  const { family, attempts, failures, medianMs, p95Ms, lastEndedAt } = row;
  return (
    <tr class={isChosen ? "row-selected" : ""}>
      <td>
        <button
          type="button"
          class="sort family-choice"
          aria-pressed={isChosen}
          onClick={() => setParams({ family })}
        >
          {family === "" ? "(no family)" : family}
        </button>
      </td>
      <td class="cell-number">{formatCount(attempts)}</td>
      <td class={`cell-number ${failures > 0 ? "number-bad" : ""}`}>{formatCount(failures)}</td>
      <td class="cell-number">{formatDuration(medianMs)}</td>
      <td class="cell-number">{formatDuration(p95Ms)}</td>
      <td class="cell-time" title={formatTime(lastEndedAt)}>
        {formatRelative(lastEndedAt, now.value)}
      </td>
    </tr>
  );
}
