import type { ComponentChildren } from "preact";
import { place, toHash } from "./live/location.ts";
import { connection } from "./live/live.ts";
import { status } from "./live/overview.ts";
import { mayOperate, session, signOut } from "./live/session.ts";
import { setPaused } from "./live/pause.ts";
import { theme, turnTheme } from "./live/theme.ts";
import { Button } from "./ui/button.tsx";

const VIEWS = [
  ["tasks", "Tasks"],
  ["graph", "Graph"],
  ["workers", "Workers"],
  ["resources", "Resources"],
  ["history", "History"],
] as const;

/** What stands around every view. */
export function Frame({ children }: { readonly children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#view" onClick={skip}>
        Skip to the content
      </a>
      <header class="bar">
        <a class="brand" href="#/tasks">
          <img src="./leat.svg" alt="" width="26" height="26" />
          <span>Leat</span>
        </a>
        <nav class="nav" aria-label="Views">
          {VIEWS.map(([view, name]) => (
            <a key={view} href={toHash(view)} aria-current={isCurrent(view) ? "page" : undefined}>
              {name}
            </a>
          ))}
        </nav>
        <div class="bar-end">
          <Connection />
          <PauseButton />
          <Button
            icon={theme.value === "dark" ? "sun" : "moon"}
            label={theme.value === "dark" ? "Light colours" : "Dark colours"}
            look="quiet"
            onClick={turnTheme}
          />
          <SignOut />
        </div>
      </header>
      {status.value?.paused === true ? <PausedBanner /> : null}
      <main id="view" class="view" tabIndex={-1}>
        {children}
      </main>
    </>
  );
}

function isCurrent(view: string): boolean {
  const current = place.value.view;
  return current === view || (view === "tasks" && current === "task");
}

/** The address behind `#` names a view, so a jump within the page must not change it. */
function skip(event: MouseEvent): void {
  event.preventDefault();
  document.getElementById("view")?.focus();
}

const CONNECTION_WORDS = { connecting: "Connecting", live: "Live", away: "Away" } as const;

function Connection() {
  const state = connection.value;
  return (
    <span
      class={`connection connection-${state}`}
      role="status"
      title={state === "away" ? "leatd does not answer; what you see may be old" : ""}
    >
      {CONNECTION_WORDS[state]}
    </span>
  );
}

function PauseButton() {
  if (!mayOperate.value || status.value === undefined || status.value.paused) return null;
  return (
    <Button icon="pause" label="Pause the scheduler: nothing new is started" onClick={() => setPaused(true)}>
      Pause
    </Button>
  );
}

function PausedBanner() {
  return (
    <div class="banner" role="status">
      <strong>Paused.</strong> What runs goes on; nothing new is started.
      {mayOperate.value ? (
        <Button icon="play" look="main" onClick={() => setPaused(false)}>
          Resume
        </Button>
      ) : null}
    </div>
  );
}

function SignOut() {
  const { value } = session;
  if (value.state !== "open" || !value.needsToken) return null;
  return <Button icon="leave" label="Sign out" look="quiet" onClick={() => signOut()} />;
}
