/** What a running test can do besides passing and failing. */
export interface TestContext {
  /** Reports the test as skipped, with the reason. */
  skip(reason: string): void;
}

/** The two functions of a test runner that suites use: `{ describe, it }` of vitest and of node:test are both one. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  it(name: string, body: (context: TestContext) => Promise<void>): unknown;
}
