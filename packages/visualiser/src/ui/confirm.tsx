import { signal } from "@preact/signals";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { attempt } from "./toast.tsx";

interface Question {
  readonly title: string;
  readonly text: string;
  /** What the button that does it says. */
  readonly name: string;
  readonly act: () => Promise<unknown>;
}

const question = signal<Question | undefined>(undefined);

/** Asks before something that cannot be taken back. */
export function confirm(asked: Question): void {
  question.value = asked;
}

export function Confirmations() {
  const asked = question.value;
  if (asked === undefined) return null;
  const close = () => (question.value = undefined);
  const act = () => {
    close();
    attempt(asked.act());
  };
  return (
    <Dialog title={asked.title} onClose={close}>
      <p class="dialog-lead">{asked.text}</p>
      <div class="dialog-buttons">
        <Button onClick={close}>Leave it</Button>
        <Button look="danger" onClick={act}>
          {asked.name}
        </Button>
      </div>
    </Dialog>
  );
}
