import { HttpError } from "./http-error.ts";
import { pageRoutes } from "./page-routes.ts";
import { type Finder, type Found, type Route, Router } from "./route.ts";
import type { Standby } from "./store.ts";

const HEALTH: Route = {
  method: "GET",
  path: "/healthz",
  role: null,
  summary: "Answers as long as leatd runs.",
  handle: () => ({ json: { status: "standby" } }),
};

/** While another leatd leads: the page and the health are served, everything else is refused with 503. */
export class StandbyRouter implements Finder {
  readonly #router = new Router([HEALTH, ...pageRoutes()]);
  /** `undefined`: it is not known yet whether another one leads. */
  standby: Standby | undefined;

  find(method: string, pathname: string): Found {
    try {
      return this.#router.find(method, pathname);
    } catch {
      throw this.#refusal();
    }
  }

  #refusal(): HttpError {
    const leader = this.standby?.leader ?? null;
    const message =
      this.standby === undefined
        ? "This leatd is starting."
        : `This leatd stands by. ${leader === null ? "Another one leads." : `The one at ${leader} leads.`}`;
    return new HttpError(503, "NOT_LEADER", message, { "retry-after": "1" }, { leader });
  }
}
