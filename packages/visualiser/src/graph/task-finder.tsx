import { useId, useState } from "preact/hooks";
import type { TaskStatus } from "../api/types.ts";
import { useLoaded } from "../live/use-loaded.ts";
import { Icon } from "../ui/icon.tsx";
import { StateIcon } from "../ui/state-icon.tsx";
import { attempt } from "../ui/toast.tsx";

export interface Candidate {
  readonly taskId: string;
  readonly status: TaskStatus | null;
  readonly name: string;
}

interface FinderProps {
  readonly label: string;
  readonly find: (text: string, signal: AbortSignal) => Promise<readonly Candidate[]>;
  readonly onPick: (taskId: string) => void;
}

/** A field that offers tasks while the user types. */
export function TaskFinder({ label, find, onPick }: FinderProps) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const listId = useId();
  const wanted = text.trim();
  const found = useLoaded(wanted, async (signal) => ({
    wanted,
    candidates: wanted === "" ? [] : await find(wanted, signal),
  }));
  // What was found for the text before must not be picked for this one.
  const isFound = found.data?.wanted === wanted;
  const candidates = isFound ? (found.data?.candidates ?? []) : [];
  const pick = (candidate: Candidate | undefined) => {
    if (candidate === undefined) return;
    setText("");
    onPick(candidate.taskId);
  };
  const pickActive = async () => {
    if (isFound) return pick(candidates[active]);
    const [first] = await find(wanted, new AbortController().signal);
    return pick(first);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      setActive((before) => Math.min(Math.max(0, before + step), candidates.length - 1));
    } else if (event.key === "Enter" && wanted !== "") attempt(pickActive());
    else if (event.key === "Escape") setText("");
  };
  return (
    <div class="finder">
      <label class="search">
        <Icon name="search" />
        <input
          type="text"
          role="combobox"
          aria-expanded={candidates.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={candidates.length > 0 ? `${listId}-${active}` : undefined}
          value={text}
          placeholder={label}
          aria-label={label}
          onInput={({ currentTarget }) => {
            setText(currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
        />
      </label>
      <ul id={listId} role="listbox" aria-label="Tasks found" hidden={candidates.length === 0}>
        {candidates.map((candidate, index) => (
          <li
            key={candidate.taskId}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            onPointerDown={() => pick(candidate)}
          >
            <StateIcon status={candidate.status} />
            <span>{candidate.name}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}
