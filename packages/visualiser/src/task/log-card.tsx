import { useEffect, useRef, useState } from "preact/hooks";
import type { Attempt, TaskDetails } from "../api/types.ts";
import { formatTime } from "../words/format.ts";
import { LogTail } from "./log-tail.ts";

interface LogProps {
  readonly task: TaskDetails;
  readonly attempts: readonly Attempt[];
}

/** The log of an attempt: the live one as it is written. */
export function LogCard({ task, attempts }: LogProps) {
  const choices = choicesOf(task, attempts);
  const [chosen, setChosen] = useState<string | undefined>();
  const token =
    chosen !== undefined && choices.some((choice) => choice.token === chosen) ? chosen : choices[0]?.token;
  if (token === undefined) return null;
  const isLive = task.attempt?.token === token;
  return (
    <section class="card" aria-label="Log">
      <div class="card-head">
        <h2>Log {isLive ? <span class="live-mark">live</span> : null}</h2>
        {choices.length < 2 ? null : (
          <select
            class="input"
            aria-label="Attempt"
            value={token}
            onChange={({ currentTarget }) => setChosen(currentTarget.value)}
          >
            {choices.map((choice) => (
              <option key={choice.token} value={choice.token}>
                {choice.name}
              </option>
            ))}
          </select>
        )}
      </div>
      <Log key={token} token={token} isLive={isLive} />
    </section>
  );
}

function choicesOf(
  { attempt }: TaskDetails,
  attempts: readonly Attempt[],
): { token: string; name: string }[] {
  const ended = attempts.map(({ token, startedAt, outcome }) => ({
    token,
    name: `${formatTime(startedAt)} ${outcome.toLowerCase()}`,
  }));
  return attempt === undefined
    ? ended
    : [{ token: attempt.token, name: `${formatTime(attempt.startedAt)} running` }, ...ended];
}

function Log({ token, isLive }: { readonly token: string; readonly isLive: boolean }) {
  const [tail, setTail] = useState({ text: "", isRead: false, problem: "" });
  const box = useRef<HTMLPreElement>(null);
  const isPinned = useRef(true);
  useEffect(() => {
    const stop = new AbortController();
    const log = new LogTail(token, (text) => setTail((before) => ({ ...before, text, isRead: true })));
    log.follow(isLive, stop.signal).then(
      () => setTail((before) => ({ ...before, isRead: true })),
      (error: Error) =>
        !stop.signal.aborted && setTail((before) => ({ ...before, isRead: true, problem: error.message })),
    );
    return () => stop.abort();
  }, [token]);
  useEffect(() => {
    if (isPinned.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [tail.text]);
  const onScroll = ({
    currentTarget: { scrollTop, scrollHeight, clientHeight },
  }: {
    currentTarget: HTMLElement;
  }) => {
    isPinned.current = scrollTop + clientHeight > scrollHeight - 30;
  };
  if (tail.problem !== "") return <p class="problem">{tail.problem}</p>;
  if (tail.isRead && tail.text === "" && !isLive) return <p class="quiet">This attempt wrote nothing.</p>;
  return (
    <pre ref={box} class="log" tabIndex={0} aria-label="Text of the log" onScroll={onScroll}>
      {tail.text === "" ? "Nothing written yet." : tail.text}
    </pre>
  );
}
