import type { ComponentChildren } from "preact";
import type { TaskDetails } from "../api/types.ts";
import { formatDuration, formatTime } from "../words/format.ts";
import { modulePath, resourceText } from "../words/task-text.ts";

/** What is known of the task beside its parameters. */
export function FactsCard({ task }: { readonly task: TaskDetails }) {
  const { retry, resources } = task;
  return (
    <section class="card" aria-label="Facts">
      <h2>Facts</h2>
      <dl class="pairs">
        <Fact name="Module">{modulePath(task.module)}</Fact>
        <Fact name="Priority">{task.priority}</Fact>
        <Fact name="Resources">{resourceText(resources)}</Fact>
        <Fact name="Workers">{task.workers.join(", ")}</Fact>
        <Fact name="Owners">{(task.owners ?? []).join(", ")}</Fact>
        <Fact name="First seen">{formatTime(task.createdAt)}</Fact>
        <Fact name="Last change">{formatTime(task.updatedAt)}</Fact>
        <Fact name="Failures">{`${task.failures} of ${retry.retryCount} until it is disabled`}</Fact>
        <Fact name="Retries">
          {retry.retryDelaySeconds < 0
            ? "not by itself"
            : `after ${formatDuration(retry.retryDelaySeconds * 1000)}, ×${retry.retryBackoff}, at most ${formatDuration(retry.maxRetryDelaySeconds * 1000)}`}
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: ComponentChildren }) {
  if (children === "") return null;
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
