import type { ActReply } from "../api/types.ts";
import { State } from "../ui/state-icon.tsx";
import { plural } from "../words/format.ts";

const SHOWN = 50;

/** What an action will touch, and what it will leave alone. */
export function Preview({ reply: { changes, skipped } }: { readonly reply: ActReply }) {
  return (
    <div class="preview">
      <p class="preview-sum">
        <strong>{plural(changes.length, "task")}</strong> will change
        {skipped.length === 0 ? "." : `, ${plural(skipped.length, "task")} will not.`}
      </p>
      <ul class="preview-list" tabIndex={0} aria-label="Tasks and what happens to them">
        {changes.slice(0, SHOWN).map(({ taskId, from, to }) => (
          <li key={taskId}>
            <span class="mono preview-task">{taskId}</span>
            <span class="preview-change">
              <State status={from} />
              <span aria-hidden="true">→</span>
              <State status={to} />
            </span>
          </li>
        ))}
        {changes.length > SHOWN ? (
          <li class="quiet">and {plural(changes.length - SHOWN, "more", "more")}</li>
        ) : null}
        {skipped.slice(0, SHOWN).map(({ taskId, why }) => (
          <li key={taskId} class="quiet">
            <span class="mono preview-task">{taskId}</span>
            <span>Not changed: {why}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
