import assert from "node:assert/strict";
import type { MarkerTransaction, MarkerWorkspace } from "../marker-workspace.ts";
import type { MarkerStatements } from "./statements.ts";

/** For stores whose markers are transactional. */
export const transactions: MarkerStatements = {
  async "is invisible to others until its transaction commits"(workspace) {
    const { target } = workspace;
    const transaction = await begin(workspace);
    assert.equal(await transaction.claim("a"), true);
    assert.equal(await target("a").exists(), false);
    await transaction.commit();
    assert.equal(await target("a").exists(), true);
  },

  async "is gone when its transaction is rolled back"(workspace) {
    const transaction = await begin(workspace);
    assert.equal(await transaction.claim("a"), true);
    await transaction.rollback();
    assert.equal(await workspace.target("a").exists(), false);
    assert.equal(await workspace.target("a").touch(), true);
  },

  async "makes a second transaction wait for the first, and lose when that commits"(workspace) {
    const first = await begin(workspace);
    assert.equal(await first.claim("a"), true);
    const second = await begin(workspace);
    const claim = second.claim("a");
    await first.commit();
    assert.equal(await claim, false);
    await second.rollback();
  },

  async "makes a second transaction wait for the first, and win when that is rolled back"(workspace) {
    const first = await begin(workspace);
    assert.equal(await first.claim("a"), true);
    const second = await begin(workspace);
    const claim = second.claim("a");
    await first.rollback();
    assert.equal(await claim, true);
    await second.commit();
    assert.equal(await workspace.target("a").exists(), true);
  },
};

/** Begins a transaction on a store that is there. */
async function begin({ target, begin }: MarkerWorkspace): Promise<MarkerTransaction> {
  await target("another").touch();
  assert.ok(begin, "the store declares transactional: true, but the workspace does not give begin");
  return begin();
}
