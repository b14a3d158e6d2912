/** Seed of the random choices of a test; LEAT_SEED sets it, so that a run can be repeated. It is printed. */
export function seedOf(): number {
  const seed = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
  console.log(`LEAT_SEED=${seed}`);
  return seed;
}

/** Random numbers from 0 to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
