import { attempt } from "../ui/toast.tsx";
import { readOverview } from "./overview.ts";
import { client } from "./session.ts";

/** Stops the handing out of work, or goes on with it. */
export function setPaused(paused: boolean): void {
  attempt(client.post("setPaused", { paused }).then(readOverview));
}
