/** Seed of everything random in a test; LEAT_SEED repeats a run. */
export const SEED = Number(process.env["LEAT_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
