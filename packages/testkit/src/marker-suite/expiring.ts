import assert from "node:assert/strict";
import type { ExpiringMarkers, MarkerWorkspace } from "../marker-workspace.ts";
import { type MarkerStatements, rejection } from "./statements.ts";

/** For stores whose markers can end by themselves. */
export const expiring: MarkerStatements = {
  async "is there until its time is over"(workspace) {
    const { target, expireNow } = given(workspace);
    await target("a", 100).touch();
    assert.equal(await target("a", 100).exists(), true);
    await expireNow("a");
    assert.equal(await target("a", 100).exists(), false);
    assert.equal(await target("a", 100).touch(), true);
  },

  async "gets its whole time again by another touch, and no end by a touch without one"(workspace) {
    const { target, secondsLeft } = given(workspace);
    await target("a", 10).touch();
    await target("a", 1000).touch();
    const left = await secondsLeft("a");
    assert.ok(left !== undefined && left > 900, `${left} s`);
    await workspace.target("a").touch();
    assert.equal(await secondsLeft("a"), undefined);
  },

  async "refuses an expiry that is not a whole number of at least 1"(workspace) {
    const { target } = given(workspace);
    for (const seconds of [0, -1, 1.5, Number.NaN]) {
      const error = await rejection(Promise.resolve().then(() => target("a", seconds).touch()));
      assert.equal(error.code, "OPTION_INVALID", `${seconds}`);
    }
  },
};

function given({ expiring }: MarkerWorkspace): ExpiringMarkers {
  assert.ok(expiring, "the store declares expiry: true, but the workspace does not give expiring");
  return expiring;
}
