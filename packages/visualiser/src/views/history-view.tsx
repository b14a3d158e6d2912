import { FailuresTab } from "../history/failures-tab.tsx";
import { FamiliesTab } from "../history/families-tab.tsx";
import { RunTab } from "../history/run-tab.tsx";
import { place, toHash } from "../live/location.ts";
import { useTitle } from "../ui/title.ts";

const TABS = [
  ["families", "Run times"],
  ["failures", "Failures"],
  ["run", "Time line of a run"],
] as const;

/** What was run: how long it takes by family, what failed, and how the tasks of a run followed one another. */
export function HistoryView() {
  useTitle("History");
  const show = place.value.params.get("show") ?? "families";
  return (
    <div class="history">
      <h1>History</h1>
      <nav class="tabs" aria-label="Parts of the history">
        {TABS.map(([name, title]) => (
          <a
            key={name}
            href={toHash("history", "", new URLSearchParams({ show: name }))}
            aria-current={show === name ? "page" : undefined}
          >
            {title}
          </a>
        ))}
      </nav>
      {show === "failures" ? <FailuresTab /> : show === "run" ? <RunTab /> : <FamiliesTab />}
    </div>
  );
}
