import { FailuresTab } from "../history/failures-tab.tsx";
import { FamiliesTab } from "../history/families-tab.tsx";
import { OperationsTab } from "../history/operations-tab.tsx";
import { RunTab } from "../history/run-tab.tsx";
import { place, toHash } from "../live/location.ts";
import { useTitle } from "../ui/title.ts";

const TABS = [
  ["families", "Run times"],
  ["failures", "Failures"],
  ["run", "Time line of a run"],
  ["operations", "Operators"],
] as const;

function Tab({ show }: { readonly show: string }) {
  switch (show) {
    case "failures":
      return <FailuresTab />;
    case "run":
      return <RunTab />;
    case "operations":
      return <OperationsTab />;
    default:
      return <FamiliesTab />;
  }
}

/** What was run: how long it takes by family, what failed, how the tasks of a run followed one another, who stepped in. */
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
      <Tab show={show} />
    </div>
  );
}
