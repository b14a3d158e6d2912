import type { Resources, ResourceView } from "../api/types.ts";
import { client } from "../live/session.ts";
import { useLoaded, usePolling, useReload } from "../live/use-loaded.ts";
import { ResourceCard } from "../resources/resource-card.tsx";
import { Blank, Shown } from "../ui/blank.tsx";
import { useTitle } from "../ui/title.ts";

/** A task may give back a part of what it holds without an event. */
const POLL_MS = 3000;

/** What tasks share: how much of it is in use, by whom, and who waits for it. */
export function ResourcesView() {
  useTitle("Resources");
  const loaded = useLoaded("resources", (signal) => client.get<Resources>("resources", {}, signal));
  useReload(({ events }) => events.length > 0, loaded.reload);
  usePolling(true, POLL_MS, loaded.reload);
  return (
    <div class="load">
      <h1>Resources</h1>
      <Shown of={loaded}>
        {({ resources }) =>
          resources.length === 0 ? (
            <Blank title="No resources.">
              Tasks that name resources, and limits set for leatd, show up here.
            </Blank>
          ) : (
            <div class="cards">
              {resources.toSorted(byUse).map((resource) => (
                <ResourceCard key={resource.resource} resource={resource} onDone={loaded.reload} />
              ))}
            </div>
          )
        }
      </Shown>
    </div>
  );
}

/** The fullest first. */
function byUse(a: ResourceView, b: ResourceView): number {
  const share = ({ used, limit }: ResourceView) => used / Math.max(limit, 0.001);
  return share(b) - share(a) || b.used - a.used || (a.resource < b.resource ? -1 : 1);
}
