import assert from "node:assert/strict";
import type { MarkerStatements } from "./statements.ts";

export const existence: MarkerStatements = {
  async "does not exist while its store is missing"({ target, findMarkers }) {
    assert.equal(await target("a").exists(), false);
    assert.equal(await target("a").remove(), false);
    assert.deepEqual(await findMarkers(["a"]), new Set());
  },

  async "exists once it was touched, for other targets too"({ target }) {
    assert.equal(await target("a").touch(), true);
    assert.equal(await target("a").exists(), true);
    assert.equal(await target("b").exists(), false);
  },

  async "says by touch whether this call made it, and may be touched again"({ target }) {
    assert.equal(await target("a").touch(), true);
    assert.equal(await target("a").touch(), false);
    assert.equal(await target("a").exists(), true);
  },

  async "is made by exactly one of several touches at once"({ target }) {
    const made = await Promise.all(Array.from({ length: 8 }, () => target("a").touch()));
    assert.equal(made.filter(Boolean).length, 1);
  },

  async "is made by each of several touches of other ids at once, on a missing store"({ target }) {
    const made = await Promise.all(Array.from({ length: 8 }, (_, index) => target(`id ${index}`).touch()));
    assert.deepEqual(made, Array(8).fill(true));
  },

  async "is gone after remove, which says whether it was there"({ target }) {
    await target("a").touch();
    assert.equal(await target("a").remove(), true);
    assert.equal(await target("a").exists(), false);
    assert.equal(await target("a").remove(), false);
  },

  async "is found among a thousand that are asked for at once, as each alone is"({ target, findMarkers }) {
    const ids = Array.from({ length: 1000 }, (_, index) => `id ${index}`);
    const there = ids.filter((_, index) => index % 97 === 0);
    await Promise.all(there.map((id) => target(id).touch()));
    assert.deepEqual(await findMarkers(ids), new Set(there));
    assert.deepEqual(await findMarkers([]), new Set());
    for (const id of ids.slice(0, 100)) assert.equal(await target(id).exists(), there.includes(id), id);
  },

  async "leaves no connections behind after a thousand questions"({ target, openConnections }) {
    await target("a").exists();
    const before = await openConnections();
    for (let i = 0; i < 1000; i++) await target("a").exists();
    // An idle connection may have ended before it was counted.
    assert.ok((await openConnections()) <= Math.max(before, 1));
  },

  async "notes the time in UTC, whatever the zone of the process"({ target, age }) {
    const zone = process.env["TZ"];
    try {
      for (const other of ["Pacific/Kiritimati", "America/New_York", "UTC"]) {
        process.env["TZ"] = other;
        const startMs = performance.now();
        await target(other).touch();
        const seconds = await age(other);
        const passed = (performance.now() - startMs) / 1000;
        // Some stores note whole seconds. The clocks of the client and the server are one here.
        assert.ok(seconds >= -1 && seconds <= passed + 1, `${seconds} s after ${passed} s in ${other}`);
      }
    } finally {
      if (zone === undefined) delete process.env["TZ"];
      else process.env["TZ"] = zone;
    }
  },
};
