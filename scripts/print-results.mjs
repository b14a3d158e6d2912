// Prints the counts of the last test run as one line. A check that failed beside the tests counts as one failure.
import { readFileSync } from "node:fs";

const status = Number(process.argv[2]);
const results = JSON.parse(readFileSync(".vitest/results.json", "utf8"));
const failed =
  results.numFailedTests +
  results.testResults.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.length === 0,
  ).length;
const reported = Math.max(failed, status);
const skipped = results.numPendingTests + results.numTodoTests;
console.log(
  `${results.numPassedTests} passed, ${reported} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`,
);
