import type { ComponentChildren } from "preact";
import type { Loaded } from "../live/use-loaded.ts";
import { Button } from "./button.tsx";

/** Where there is nothing to show: says why, and what to do. */
export function Blank({
  title,
  children,
}: {
  readonly title: string;
  readonly children?: ComponentChildren;
}) {
  return (
    <div class="blank">
      <svg viewBox="0 0 64 32" aria-hidden="true">
        <path
          d="M4 10c9-8 14 8 28 0s19 8 28 0M4 22c9-8 14 8 28 0s19 8 28 0"
          fill="none"
          stroke="currentColor"
          stroke-width="2.5"
          stroke-linecap="round"
        />
      </svg>
      <p class="blank-title">{title}</p>
      {children === undefined ? null : <div class="blank-text">{children}</div>}
    </div>
  );
}

/** What was loaded; before that a quiet wait, and after a failure the reason with a way to try again. */
export function Shown<T>({
  of,
  children,
}: {
  readonly of: Loaded<T>;
  readonly children: (data: T) => ComponentChildren;
}) {
  if (of.data !== undefined) {
    return (
      <>
        {of.error === undefined ? null : <Problem error={of.error} onRetry={of.reload} />}
        {children(of.data)}
      </>
    );
  }
  if (of.error !== undefined) return <Problem error={of.error} onRetry={of.reload} />;
  return <Loading />;
}

export function Loading() {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  );
}

function Problem({ error, onRetry }: { readonly error: Error; readonly onRetry: () => void }) {
  return (
    <div class="problem" role="alert">
      <span>{error.message}</span>
      <Button icon="retry" onClick={onRetry}>
        Try again
      </Button>
    </div>
  );
}
