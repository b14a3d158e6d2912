import { signal } from "@preact/signals";
import { useState } from "preact/hooks";
import type { ActReply, ActRequest, TaskAction } from "../api/types.ts";
import { client } from "../live/session.ts";
import { useLoaded } from "../live/use-loaded.ts";
import { Shown } from "../ui/blank.tsx";
import { Button } from "../ui/button.tsx";
import { Dialog } from "../ui/dialog.tsx";
import { attempt, say } from "../ui/toast.tsx";
import { plural } from "../words/format.ts";
import { ACTIONS } from "./actions.ts";
import { Preview } from "./preview.tsx";

interface Asked {
  readonly action: TaskAction;
  readonly taskIds: readonly string[];
  readonly onDone: () => void;
}

const asked = signal<Asked | undefined>(undefined);

/** Shows what the action would do to the tasks, and does it when the user says so. */
export function askToAct(
  action: TaskAction,
  taskIds: readonly string[],
  onDone: () => void = () => undefined,
): void {
  asked.value = { action, taskIds, onDone };
}

export function ActDialogs() {
  const current = asked.value;
  return current === undefined ? null : <ActDialog {...current} onClose={() => (asked.value = undefined)} />;
}

function ActDialog({ action, taskIds, onDone, onClose }: Asked & { readonly onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [withDependents, setWithDependents] = useState(action === "rerun");
  const words = ACTIONS[action];
  const request: ActRequest = {
    action,
    taskIds,
    ...(action === "rerun" ? { withDependents } : {}),
    ...(reason.trim() === "" ? {} : { reason: reason.trim() }),
  };
  const preview = useLoaded(`${action} ${withDependents}`, () =>
    client.post<ActReply>("act", { ...request, dryRun: true }),
  );
  const confirm = async () => {
    const { changes } = await client.post<ActReply>("act", request);
    onClose();
    say(`${words.name}: ${plural(changes.length, "task")} changed.`);
    onDone();
  };
  const changed = preview.data?.changes.length ?? 0;
  const lacksReason = words.needsReason === true && reason.trim() === "";
  return (
    <Dialog title={`${words.name}: ${plural(taskIds.length, "task")}`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          attempt(confirm());
        }}
      >
        <p class="dialog-lead">{words.meaning}</p>
        {action === "rerun" ? (
          <label class="check">
            <input
              type="checkbox"
              checked={withDependents}
              onChange={() => setWithDependents(!withDependents)}
            />
            And all that depends on it and was run
          </label>
        ) : null}
        <Shown of={preview}>{(reply) => <Preview reply={reply} />}</Shown>
        <label class="field">
          <span>Reason{words.needsReason === true ? "" : " (optional)"}</span>
          <input
            type="text"
            value={reason}
            maxLength={500}
            placeholder="Kept with the task"
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        <div class="dialog-buttons">
          <Button onClick={onClose}>Leave it</Button>
          <Button
            type="submit"
            look={words.isGrave === true ? "danger" : "main"}
            isDisabled={changed === 0 || lacksReason}
          >
            {words.name} {plural(changed, "task")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
