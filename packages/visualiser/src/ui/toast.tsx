import { signal } from "@preact/signals";
import { Button } from "./button.tsx";

interface Toast {
  readonly text: string;
  readonly isProblem: boolean;
}

const SHOWN_MS = 6000;

const toast = signal<Toast | undefined>(undefined);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says what came of something. A problem stays until it is closed. */
export function say(text: string, { isProblem = false } = {}): void {
  clearTimeout(timer);
  toast.value = { text, isProblem };
  if (!isProblem) timer = setTimeout(close, SHOWN_MS);
}

/** Does something the user asked for, and says so when it fails. */
export function attempt(work: Promise<unknown>): void {
  work.catch((error: Error) => say(error.message, { isProblem: true }));
}

function close(): void {
  toast.value = undefined;
}

export function Toasts() {
  const shown = toast.value;
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown === undefined ? null : (
        <div class={`toast ${shown.isProblem ? "toast-problem" : ""}`}>
          <span>{shown.text}</span>
          <Button icon="close" label="Close this message" look="quiet" onClick={close} />
        </div>
      )}
    </div>
  );
}
