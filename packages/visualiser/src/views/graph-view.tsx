import { useMemo, useState } from "preact/hooks";
import { Drawing } from "../graph/drawing.tsx";
import { findInGraph, findTasks } from "../graph/find-tasks.ts";
import { type Box, fold, MANY } from "../graph/fold.ts";
import { GraphPanel } from "../graph/graph-panel.tsx";
import { Legend } from "../graph/legend.tsx";
import type { GraphModel } from "../graph/model.ts";
import { TaskFinder } from "../graph/task-finder.tsx";
import { useGraph } from "../graph/use-graph.ts";
import { go, place, setParams, toHash } from "../live/location.ts";
import { Shown } from "../ui/blank.tsx";
import { attempt } from "../ui/toast.tsx";
import { useTitle } from "../ui/title.ts";
import { plural } from "../words/format.ts";

const DEPTHS = [1, 2, 3, 5, 10, 100] as const;
const DEFAULT_DEPTH = 3;

/** What a task requires and what requires it, as a drawing. */
export function GraphView({ taskId }: { readonly taskId: string }) {
  useTitle("Graph");
  if (taskId === "") return <NoTask />;
  return <GraphOfTask taskId={taskId} />;
}

function NoTask() {
  return (
    <div class="graph-start">
      <h1>Graph</h1>
      <p class="quiet">Choose a task to see what it requires and what requires it.</p>
      <TaskFinder label="Find a task" find={findTasks} onPick={(taskId) => go(toHash("graph", taskId))} />
      <Legend />
    </div>
  );
}

function GraphOfTask({ taskId }: { readonly taskId: string }) {
  const { params } = place.value;
  const depth = Number(params.get("depth") ?? DEFAULT_DEPTH);
  const hidesDone = params.get("hideDone") === "1";
  const graph = useGraph(taskId, { depth, hidesDone });
  return (
    <div class="graph">
      <h1 class="unseen">Graph of {taskId}</h1>
      <Shown of={graph}>
        {({ model, isTruncated }) => (
          <Explorer
            taskId={taskId}
            model={model}
            isTruncated={isTruncated}
            expand={graph.expand}
            depth={depth}
            hidesDone={hidesDone}
          />
        )}
      </Shown>
    </div>
  );
}

interface ExplorerProps {
  readonly taskId: string;
  readonly model: GraphModel;
  readonly isTruncated: boolean;
  readonly expand: (taskId: string) => Promise<void>;
  readonly depth: number;
  readonly hidesDone: boolean;
}

function Explorer({ taskId, model, isTruncated, expand, depth, hidesDone }: ExplorerProps) {
  const folds = place.value.params.get("fold");
  const isFolded = folds === null ? model.size > MANY : folds === "1";
  const [unfolded, setUnfolded] = useState<ReadonlySet<string>>(new Set());
  const [chosen, setChosen] = useState(taskId);
  const [centred, setCentred] = useState(0);
  const folded = useMemo(
    () => fold(model, { root: taskId, isFolded, unfolded }),
    [model, taskId, isFolded, unfolded],
  );
  const choose = (box: Box) => {
    setChosen(box.id);
    if (box.kind === "group") setUnfolded(new Set([...unfolded, box.family]));
    else attempt(expand(box.id));
  };
  const show = (found: string) => {
    setUnfolded(new Set([...unfolded, model.get(found)?.family ?? ""]));
    setChosen(found);
    setCentred(centred + 1);
  };
  return (
    <>
      <div class="tools graph-tools">
        <TaskFinder
          label="Find in this graph"
          find={async (text) => findInGraph(model, text)}
          onPick={show}
        />
        <label class="check">
          Distance
          <select
            class="input"
            value={depth}
            onChange={({ currentTarget }) => setParams({ depth: currentTarget.value }, { replaces: true })}
          >
            {DEPTHS.map((value) => (
              <option key={value} value={value}>
                {value === 100 ? "all" : value}
              </option>
            ))}
          </select>
        </label>
        <Check
          label="Hide done"
          isOn={hidesDone}
          onTurn={(isOn) => setParams({ hideDone: isOn ? "1" : undefined })}
        />
        <Check
          label="Fold families"
          isOn={isFolded}
          onTurn={(isOn) => {
            setUnfolded(new Set());
            setParams({ fold: isOn ? "1" : "0" });
          }}
        />
        <span class="quiet graph-sum">
          {plural(model.size, "task")}
          {isTruncated ? ": the nearest of more" : ""}
        </span>
      </div>
      <div class="graph-main">
        <Drawing
          model={model}
          folded={folded}
          root={taskId}
          chosen={chosen}
          onChoose={choose}
          centred={centred}
        />
        <GraphPanel node={model.get(chosen)} />
      </div>
      <Legend />
    </>
  );
}

function Check({
  label,
  isOn,
  onTurn,
}: {
  readonly label: string;
  readonly isOn: boolean;
  readonly onTurn: (isOn: boolean) => void;
}) {
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={() => onTurn(!isOn)} />
      {label}
    </label>
  );
}
