import type { WorkerView } from "../api/types.ts";
import { client } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { confirm } from "../ui/confirm.tsx";
import { attempt, say } from "../ui/toast.tsx";
import { plural } from "../words/format.ts";

/** What an operator can do to a worker. */
export function WorkerControls({
  worker: view,
  onDone,
}: {
  readonly worker: WorkerView;
  readonly onDone: () => void;
}) {
  const { worker, processes, paused } = view;
  if (view.workerState === "disabled") {
    return <p class="quiet">It finishes what it runs and gets nothing else.</p>;
  }
  const setPaused = () => attempt(client.post("setWorkerPaused", { worker, paused: !paused }).then(onDone));
  const setProcesses = async (wanted: number) => {
    await client.post("setWorkerProcesses", { worker, processes: wanted });
    say(`${worker} is told to run ${plural(wanted, "task")} at a time.`);
    onDone();
  };
  return (
    <div class="actions">
      <Button icon={paused ? "play" : "pause"} look={paused ? "main" : "plain"} onClick={setPaused}>
        {paused ? "Resume" : "Pause"}
      </Button>
      <Button icon="drain" look="danger" onClick={() => askToDrain(worker, onDone)}>
        Drain
      </Button>
      <span class="stepper" role="group" aria-label={`Processes of ${worker}`}>
        <Button
          icon="minus"
          label="One process less"
          isDisabled={processes <= 1}
          onClick={() => attempt(setProcesses(processes - 1))}
        />
        <span>{plural(processes, "process", "processes")}</span>
        <Button icon="plus" label="One process more" onClick={() => attempt(setProcesses(processes + 1))} />
      </span>
    </div>
  );
}

function askToDrain(worker: string, onDone: () => void): void {
  confirm({
    title: `Drain ${worker}?`,
    text: "It finishes what it runs and gets nothing else, until it is started again.",
    name: "Drain",
    act: () => client.post("disableWorker", { worker }).then(onDone),
  });
}
