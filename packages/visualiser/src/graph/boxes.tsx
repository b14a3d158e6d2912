import type { GraphNode } from "../api/types.ts";
import { StateShape, stateClass } from "../ui/state-icon.tsx";
import { formatCount, plural } from "../words/format.ts";
import { statusName } from "../words/statuses.ts";
import { outlineOf } from "./box-shape.ts";
import type { Box, GroupBox, TaskBox } from "./fold.ts";
import { BOX, type Point } from "./layout.ts";

interface BoxProps {
  readonly box: Box;
  readonly place: Point;
  readonly isChosen: boolean;
  readonly isRoot: boolean;
  /** Requirements that are not drawn. */
  readonly hidden: number;
  readonly onChoose: (box: Box) => void;
}

/** A box of the graph: a button, so that keys reach it too (attributes of SVG have their own case: `tabindex`). What is written in it is its name; the state is not drawn as text. */
export function BoxView({ box, place, isChosen, isRoot, hidden, onChoose }: BoxProps) {
  const status = box.kind === "task" ? box.node.status : box.status;
  const classes = ["box", stateClass(status), isChosen ? "box-chosen" : "", isRoot ? "box-root" : ""].join(
    " ",
  );
  return (
    <g
      class={classes}
      transform={`translate(${place.x - BOX.width / 2} ${place.y - BOX.height / 2})`}
      role="button"
      tabindex={0}
      aria-pressed={isChosen}
      onClick={() => onChoose(box)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        onChoose(box);
      }}
    >
      {box.kind === "group" ? (
        <path class="box-behind" d={outlineOf(status)} transform="translate(5 5)" />
      ) : null}
      <path class="box-outline" d={outlineOf(status)} />
      <g class="box-icon" transform="translate(12 15)">
        <StateShape status={status} />
      </g>
      {box.kind === "task" ? <TaskLines box={box} /> : <GroupLines box={box} />}
      {hidden === 0 ? null : (
        <text class="box-hidden" x={4} y={-5}>
          requires {formatCount(hidden)} more{" "}
        </text>
      )}
      <text class="box-words">{statusName(status)}</text>
    </g>
  );
}

function TaskLines({ box: { node } }: { readonly box: TaskBox }) {
  return (
    <>
      <text class="box-name" x={36} y={20}>
        {shortened(nameOf(node), 24)}{" "}
      </text>
      <text class="box-detail" x={36} y={36}>
        {shortened(detailOf(node), 25)}{" "}
      </text>
    </>
  );
}

function nameOf({ family, taskId }: GraphNode): string {
  return family === "" ? taskId : family;
}

/** The rest of the name, without the family, which stands above it. */
function detailOf({ label, family }: GraphNode): string {
  if (!label.startsWith(family)) return label;
  return label.slice(family.length).replace(/^[_(]/, "").replace(/\)$/, "");
}

function GroupLines({ box }: { readonly box: GroupBox }) {
  return (
    <>
      <text class="box-name" x={36} y={20}>
        {shortened(groupName(box.family), 24)}{" "}
      </text>
      <text class="box-detail" x={36} y={36}>
        {groupDetail(box)}{" "}
      </text>
    </>
  );
}

function groupName(family: string): string {
  return family === "" ? "(no family)" : family;
}

function groupDetail({ members, status }: Pick<GroupBox, "members" | "status">): string {
  const grave = members.filter((member) => member.status === status).length;
  return `${plural(members.length, "task")}, ${formatCount(grave)} ${statusName(status).toLowerCase()}`;
}

function shortened(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
