import { useEffect, useState } from "preact/hooks";
import type { SentMessage, TakenResponse, TaskDetails } from "../api/types.ts";
import { client, mayOperate } from "../live/session.ts";
import { Button } from "../ui/button.tsx";
import { attempt, say } from "../ui/toast.tsx";

interface Sent {
  readonly messageId: string;
  readonly content: string;
  /** `null` while there is none. */
  readonly response: string | null;
}

const ASK_MS = 1000;

/** Messages to the running task, and what it answers. */
export function MessagesCard({ task: { taskId, status } }: { readonly task: TaskDetails }) {
  const [content, setContent] = useState("");
  const [sent, setSent] = useState<readonly Sent[]>([]);
  useResponses(taskId, sent, setSent);
  const isRunning = status === "RUNNING" || status === "BATCH_RUNNING";
  const send = async () => {
    const { messageId } = await client.post<SentMessage>("sendMessage", { taskId, content });
    if (messageId === null)
      return say("The task is not running any more: nothing was sent.", { isProblem: true });
    setSent((before) => [...before, { messageId, content, response: null }]);
    setContent("");
  };
  return (
    <section class="card" aria-label="Messages">
      <h2>Messages</h2>
      <ul class="messages" aria-live="polite">
        {sent.map(({ messageId, content, response }) => (
          <li key={messageId}>
            <p class="message-sent">{content}</p>
            <p class={response === null ? "quiet" : "message-answer"}>{response ?? "No answer yet."}</p>
          </li>
        ))}
      </ul>
      {!isRunning ? <p class="quiet">It takes messages while it runs.</p> : null}
      {!isRunning || !mayOperate.value ? null : (
        <form
          class="message-form"
          onSubmit={(event) => {
            event.preventDefault();
            attempt(send());
          }}
        >
          <input
            class="input"
            type="text"
            aria-label="Message to the task"
            placeholder="Message to the task"
            value={content}
            onInput={({ currentTarget }) => setContent(currentTarget.value)}
          />
          <Button type="submit" isDisabled={content === ""}>
            Send
          </Button>
        </form>
      )}
    </section>
  );
}

/** Asks for the answers that are missing, as long as the page of the task is open. A response is given out once. */
function useResponses(
  taskId: string,
  sent: readonly Sent[],
  setSent: (change: (before: readonly Sent[]) => readonly Sent[]) => void,
): void {
  const open = mayOperate.value ? sent.filter(({ response }) => response === null) : [];
  useEffect(() => {
    if (open.length === 0) return undefined;
    const ask = async ({ messageId }: Sent) => {
      const { response } = await client.post<TakenResponse>("takeResponse", {
        taskId,
        messageId,
      });
      if (response === null) return;
      setSent((before) =>
        before.map((message) => (message.messageId === messageId ? { ...message, response } : message)),
      );
    };
    const timer = setInterval(() => attempt(Promise.all(open.map(ask))), ASK_MS);
    return () => clearInterval(timer);
  }, [open.map(({ messageId }) => messageId).join()]);
}
