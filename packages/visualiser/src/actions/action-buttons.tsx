import type { TaskAction, TaskStatus } from "../api/types.ts";
import { mayOperate } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { ACTIONS, actionsFor } from "./actions.ts";
import { askToAct } from "./act-dialog.tsx";

interface ActionsProps {
  readonly taskId: string;
  readonly status: TaskStatus;
  readonly onDone?: () => void;
}

/** A button for each thing that can be done to a task now; none for those who may not. */
export function ActionButtons({ taskId, status, onDone }: ActionsProps) {
  if (!mayOperate.value) return null;
  return (
    <div class="actions">
      {actionsFor(status).map((action) => (
        <Button
          key={action}
          icon={ACTIONS[action].icon}
          look={lookOf(action)}
          onClick={() => askToAct(action, [taskId], onDone)}
        >
          {ACTIONS[action].name}
        </Button>
      ))}
    </div>
  );
}

function lookOf(action: TaskAction): "main" | "danger" | "plain" {
  if (ACTIONS[action].isGrave === true) return "danger";
  return action === "retry" ? "main" : "plain";
}

/** The usual thing to do, as one small button in a list. */
export function FirstAction({ taskId, status, onDone }: ActionsProps) {
  const [action] = actionsFor(status);
  if (
    !mayOperate.value ||
    action === undefined ||
    status === "DONE" ||
    status === "PENDING" ||
    status === "UNKNOWN"
  )
    return null;
  return (
    <Button
      icon={ACTIONS[action].icon}
      label={`${ACTIONS[action].name} ${taskId}`}
      look="quiet"
      onClick={() => askToAct(action, [taskId], onDone)}
    />
  );
}
