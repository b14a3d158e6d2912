import type { TaskDetails } from "../api/types.ts";
import { CopyButton } from "../ui/copy-button.tsx";
import { rerunCommand } from "../words/task-text.ts";
import { readable } from "./readable.ts";

/** The error of the last attempt with its stack, and the command that tries the task by hand. */
export function ErrorCard({ task }: { readonly task: TaskDetails }) {
  const { explanation = "", status } = task;
  if (explanation === "" || status === "DONE") return null;
  const text = readable(explanation);
  const command = rerunCommand(task);
  return (
    <section class="card" aria-label="Error">
      <div class="card-head">
        <h2>{status === "FAILED" || status === "DISABLED" ? "Error" : "Last error or remark"}</h2>
        <CopyButton text={text} label="Copy the error" />
      </div>
      <pre class="trace" tabIndex={0} aria-label="Text of the error">
        {text}
      </pre>
      <p class="rerun-command">
        <span class="quiet">Try it by hand:</span> <code class="code">{command}</code>
        <CopyButton text={command} label="Copy the command" />
      </p>
    </section>
  );
}
