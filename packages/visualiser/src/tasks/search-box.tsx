import { useEffect, useRef, useState } from "preact/hooks";
import { setParams } from "../live/location.ts";
import { Icon } from "../ui/icon.tsx";

const TYPING_MS = 60;

/** Searches while the user types. The key `/` leads here from anywhere on the view. */
export function SearchBox({
  search,
  placeholder,
}: {
  readonly search: string;
  readonly placeholder: string;
}) {
  const [text, setText] = useState(search);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(search), [search]);
  useEffect(() => {
    if (text === search) return undefined;
    const timer = setTimeout(
      () => setParams({ search: text, cursor: undefined }, { replaces: true }),
      TYPING_MS,
    );
    return () => clearTimeout(timer);
  }, [text]);
  useEffect(() => onSlash(() => input.current?.focus()), []);
  return (
    <label class="search">
      <Icon name="search" />
      <input
        ref={input}
        type="search"
        value={text}
        placeholder={placeholder}
        aria-label={placeholder}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
      />
    </label>
  );
}

function onSlash(focus: () => void): () => void {
  const listener = (event: KeyboardEvent) => {
    const isTyping =
      event.target instanceof HTMLInputElement || document.querySelector("dialog[open]") !== null;
    if (event.key !== "/" || isTyping) return;
    event.preventDefault();
    focus();
  };
  addEventListener("keydown", listener);
  return () => removeEventListener("keydown", listener);
}
