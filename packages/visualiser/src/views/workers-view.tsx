import type { TaskPage, Workers, WorkerView } from "../api/types.ts";
import { client } from "../live/session.ts";
import { useLoaded, usePolling, useReload } from "../live/use-loaded.ts";
import { Blank, Shown } from "../ui/blank.tsx";
import { useTitle } from "../ui/title.ts";
import { WorkerCard } from "../workers/worker-card.tsx";

/** Counts and times of last calls change without an event. */
const POLL_MS = 3000;

interface Load {
  readonly workers: readonly WorkerView[];
  readonly running: TaskPage;
}

/** Who runs tasks, what they run, and how much they could. */
export function WorkersView() {
  useTitle("Workers");
  const loaded = useLoaded("workers", async (signal): Promise<Load> => {
    const [{ workers }, running] = await Promise.all([
      client.get<Workers>("workers", {}, signal),
      client.get<TaskPage>("tasks", { status: ["RUNNING", "BATCH_RUNNING"], limit: 1000 }, signal),
    ]);
    return { workers, running };
  });
  useReload(({ events }) => events.length > 0, loaded.reload);
  usePolling(true, POLL_MS, loaded.reload);
  return (
    <div class="load">
      <h1>Workers</h1>
      <Shown of={loaded}>
        {({ workers, running }) =>
          workers.length === 0 ? (
            <Blank title="No worker is connected.">Workers show up here with their first call.</Blank>
          ) : (
            <div class="cards">
              {workers.toSorted(byNewest).map((worker) => (
                <WorkerCard
                  key={worker.worker}
                  worker={worker}
                  tasks={running.tasks.filter(({ attempt }) => attempt?.worker === worker.worker)}
                  onDone={loaded.reload}
                />
              ))}
            </div>
          )
        }
      </Shown>
    </div>
  );
}

function byNewest(a: WorkerView, b: WorkerView): number {
  return b.startedAt - a.startedAt;
}
