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
const first = Number(firstSeed);
const last = first + Math.ceil(Number(steps) / STEPS_A_SEED) - 1;

const checkEvery = (seed: number) => (seed % 20 === 0 ? 1 : 25);

const start = performance.now();
for (let seed = first; seed <= last; seed++) {
  const simulation = new Simulation(seed);
  try {
    for (let step = 1; step <= STEPS_A_SEED; step++) {
      simulation.step();
      if (step % checkEvery(seed) === 0) checkState(simulation.scheduler);
      if (step === STEPS_A_SEED / 2) simulation.follow();
    }
    simulation.stopFollowing();
    if (simulation.replay() !== simulation.outcome) throw new Error("the replay gave another state");
    if (simulation.settle().length > 0) throw new Error("some tasks were never done");
    const left = simulation.abandon();
    if (Object.values(left).some((count) => count > 0)) throw new Error(`${JSON.stringify(left)} is left`);
  } catch (error) {
    throw new Error(`Seed ${seed} failed`, { cause: error });
  }
}
const seconds = (performance.now() - start) / 1000;
console.log(
  `${(last - first + 1) * STEPS_A_SEED} steps, seeds ${first} to ${last}: all invariants held; ${seconds.toFixed(0)} s`,
);
