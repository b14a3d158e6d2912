import { ActDialogs } from "./actions/act-dialog.tsx";
import { Frame } from "./frame.tsx";
import { mayRead } from "./live/live.ts";
import { place } from "./live/location.ts";
import { session } from "./live/session.ts";
import { Blank, Loading } from "./ui/blank.tsx";
import { Confirmations } from "./ui/confirm.tsx";
import { Toasts } from "./ui/toast.tsx";
import { GraphView } from "./views/graph-view.tsx";
import { HistoryView } from "./views/history-view.tsx";
import { ResourcesView } from "./views/resources-view.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { TaskView } from "./views/task-view.tsx";
import { TasksView } from "./views/tasks-view.tsx";
import { WorkersView } from "./views/workers-view.tsx";

export function App() {
  const { state } = session.value;
  if (state === "unknown") return <Waiting />;
  if (state === "signed out")
    return <SignIn problem={session.value.state === "signed out" ? session.value.problem : ""} />;
  return (
    <>
      <Frame>{mayRead.value ? <View /> : <Loading />}</Frame>
      <ActDialogs />
      <Confirmations />
      <Toasts />
    </>
  );
}

function View() {
  const { view, subject } = place.value;
  switch (view) {
    case "tasks":
      return <TasksView />;
    case "task":
      return <TaskView key={subject} taskId={subject} />;
    case "graph":
      return <GraphView key={subject} taskId={subject} />;
    case "workers":
      return <WorkersView />;
    case "resources":
      return <ResourcesView />;
    case "history":
      return <HistoryView />;
    default:
      return (
        <Blank title="There is nothing here.">
          <a href="#/tasks">Go to the tasks</a>
        </Blank>
      );
  }
}

function Waiting() {
  return (
    <main class="waiting">
      <p role="status">Waiting for leatd…</p>
    </main>
  );
}
