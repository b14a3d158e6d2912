/**
 * The simulation of the tests over millions of steps. Attempts, what they hold and what is handed out are checked after
 * each step; everything else after each step of each twentieth seed, and after each 25th step of the others.
 *
 *     node --import tsx packages/scheduler/bench/simulation.ts [STEPS] [FIRST_SEED]
 */
import { checkState } from "../test/naive.ts";
import { Simulation } from "../test/simulation.ts";

const STEPS_A_SEED = 5000;
const [, , steps = "5000000", firstSeed = "1000"] = process.argv;
const seeds = Math.ceil(Number(steps) / STEPS_A_SEED);

const checkEvery = (seed: number) => (seed % 20 === 0 ? 1 : 25);

const start = performance.now();
for (let seed = Number(firstSeed); seed < Number(firstSeed) + seeds; seed++) {
  const simulation = new Simulation(seed);
  try {
    for (let step = 1; step <= STEPS_A_SEED; step++) {
      simulation.step();
      if (step % checkEvery(seed) === 0) checkState(simulation.scheduler);
    }
    if (simulation.replay() !== simulation.outcome) throw new Error("the replay gave another state");
    if (simulation.settle().length > 0) throw new Error("some tasks were never done");
  } catch (error) {
    throw new Error(`Seed ${seed} failed`, { cause: error });
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${seeds * STEPS_A_SEED} steps with ${seeds} seeds: all invariants held; ${seconds.toFixed(0)} s`,
);
