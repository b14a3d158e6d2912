import assert from "node:assert/strict";
import { assertNoSecret, type MarkerStatements, rejection } from "./statements.ts";

export const failing: MarkerStatements = {
  async "rejects as unavailable, never false, when the server cannot be reached"({ unreachable, secrets }) {
    for (const error of [await rejection(unreachable().exists()), await rejection(unreachable().touch())]) {
      assert.equal(error.code, "TARGET_UNAVAILABLE");
      assert.equal(error.retryable, true);
      assertNoSecret(error, secrets);
    }
  },

  async "rejects within its deadline when the server does not answer"({ silent, secrets }) {
    const startMs = performance.now();
    const error = await rejection((await silent()).exists());
    assert.equal(error.code, "TARGET_TIMEOUT");
    assert.equal(error.retryable, true);
    // The deadline is a second; a machine with much to do may be late, and one that waits for ever is not.
    assert.ok(performance.now() - startMs < 60_000);
    assertNoSecret(error, secrets);
  },

  async "rejects as forbidden, never false, when the password is wrong"({ forbidden, secrets }) {
    const error = await rejection(forbidden().exists());
    assert.equal(error.code, "TARGET_FORBIDDEN");
    assert.equal(error.retryable, false);
    assertNoSecret(error, secrets);
    assertNoSecret(forbidden(), secrets);
  },

  async "rejects when something else is in its place, and is not done"({ target, putSomethingElse }) {
    await putSomethingElse("a");
    await rejection(target("a").exists());
    await rejection(target("a").touch());
  },

  async "rejects with the reason of an aborted signal"({ target }) {
    const reason = new Error("stop");
    const signal = AbortSignal.abort(reason);
    await assert.rejects(target("a").exists({ signal }), reason);
    await assert.rejects(target("a").touch({ signal }), reason);
    assert.equal(await target("a").exists(), false);
  },
};
