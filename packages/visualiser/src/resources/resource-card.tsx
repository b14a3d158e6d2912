import { useState } from "preact/hooks";
import type { ResourceView } from "../api/types.ts";
import { client, mayOperate } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { Meter } from "../ui/meter.tsx";
import { TaskLink } from "../ui/task-link.tsx";
import { attempt, say } from "../ui/toast.tsx";
import { formatCount } from "../words/format.ts";

export function ResourceCard({
  resource: view,
  onDone,
}: {
  readonly resource: ResourceView;
  readonly onDone: () => void;
}) {
  const { resource, used, limit } = view;
  return (
    <section class="card resource" aria-label={resource}>
      <div class="card-head">
        <h2>{resource}</h2>
        <span>
          <strong>{formatCount(used)}</strong> of {formatCount(limit)} in use
        </span>
      </div>
      <Meter label={`Use of ${resource}`} value={used} max={limit} warns />
      {mayOperate.value ? <LimitForm key={limit} view={view} onDone={onDone} /> : null}
      <Tasks
        title="Held by"
        none="Nobody holds it."
        ids={view.holders}
        total={view.holders.length}
        status="RUNNING"
      />
      <Tasks
        title="Waiting for it"
        none="Nobody waits for it."
        ids={view.waiting}
        total={view.waitingTotal}
        status="PENDING"
      />
    </section>
  );
}

function LimitForm({
  view: { resource, limit },
  onDone,
}: {
  readonly view: ResourceView;
  readonly onDone: () => void;
}) {
  const [text, setText] = useState(String(limit));
  const wanted = Number(text);
  const isUsable = /^\d{1,9}$/.test(text) && wanted !== limit;
  const set = async () => {
    await client.post("setResource", { resource, limit: wanted });
    say(`The limit of ${resource} is ${wanted} now.`);
    onDone();
  };
  return (
    <form
      class="limit-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (isUsable) attempt(set());
      }}
    >
      <label class="check">
        Limit
        <input
          class="input"
          type="number"
          min={0}
          step={1}
          value={text}
          aria-label={`Limit of ${resource}`}
          onInput={({ currentTarget }) => setText(currentTarget.value)}
        />
      </label>
      <Button type="submit" isDisabled={!isUsable}>
        Set
      </Button>
    </form>
  );
}

const SHOWN = 10;

interface TasksProps {
  readonly title: string;
  readonly none: string;
  readonly ids: readonly string[];
  readonly total: number;
  readonly status: "RUNNING" | "PENDING";
}

function Tasks({ title, none, ids, total, status }: TasksProps) {
  return (
    <div class="resource-tasks">
      <h3>
        {title}
        {total === 0 ? null : ` (${formatCount(total)})`}
      </h3>
      {total === 0 ? (
        <p class="quiet">{none}</p>
      ) : (
        <ul>
          {ids.slice(0, SHOWN).map((taskId) => (
            <li key={taskId}>
              <TaskLink taskId={taskId} status={status} />
            </li>
          ))}
          {total > SHOWN ? <li class="quiet">and {formatCount(total - SHOWN)} more</li> : null}
        </ul>
      )}
    </div>
  );
}
