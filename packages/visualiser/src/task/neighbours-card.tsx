import { useMemo } from "preact/hooks";
import { Drawing } from "../graph/drawing.tsx";
import { fold } from "../graph/fold.ts";
import { withGraph } from "../graph/model.ts";
import { go, toHash } from "../live/location.ts";
import { plural } from "../words/format.ts";
import type { TaskAround } from "../views/task-view.tsx";

/** Larger surroundings are drawn with their families folded. */
const MOST_DRAWN = 8;

/** The place of the task in the graph: what it requires and what requires it, one step each way. */
export function NeighboursCard({ around: { task, up, down } }: { readonly around: TaskAround }) {
  const model = useMemo(() => withGraph(new Map(), up, down), [up, down]);
  const folded = useMemo(
    () => fold(model, { root: task.taskId, isFolded: model.size > MOST_DRAWN, unfolded: new Set() }),
    [model],
  );
  return (
    <section class="card graph-small" aria-label="Place in the graph">
      <div class="card-head">
        <h2>Place in the graph</h2>
        <a href={toHash("graph", task.taskId)}>Open</a>
      </div>
      <p class="quiet">
        Requires {plural(task.deps.length, "task")};{" "}
        {plural(task.dependents.length, "task requires", "tasks require")} it.
      </p>
      <Drawing
        model={model}
        folded={folded}
        root={task.taskId}
        chosen=""
        onChoose={(box) => go(box.kind === "task" ? toHash("task", box.id) : toHash("graph", task.taskId))}
      />
    </section>
  );
}
