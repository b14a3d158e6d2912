import { ActionButtons } from "../actions/action-buttons.tsx";
import type { GraphNode } from "../api/types.ts";
import { toHash } from "../live/location.ts";
import { State } from "../ui/state-icon.tsx";
import { plural } from "../words/format.ts";

/** What there is to know and to do about the chosen task. */
export function GraphPanel({ node }: { readonly node: GraphNode | undefined }) {
  if (node === undefined) return null;
  return (
    <aside class="card graph-panel" aria-label="Chosen task">
      <State status={node.status} />
      <h2>{node.family === "" ? "Not registered yet" : node.family}</h2>
      <p class="mono graph-panel-id">{node.label}</p>
      <p class="quiet">Requires {plural(node.deps.length, "task")}.</p>
      <p class="graph-panel-links">
        <a href={toHash("task", node.taskId)}>Open the task</a>
        <a href={toHash("graph", node.taskId)}>Put it in the middle</a>
      </p>
      {node.status === null ? null : <ActionButtons taskId={node.taskId} status={node.status} />}
    </aside>
  );
}
