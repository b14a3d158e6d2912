/** The two functions of a test runner that the suites use; those of vitest and of `node:test` both fit. */
export interface TestRunner {
  readonly describe: (name: string, define: () => void) => unknown;
  readonly it: (name: string, test: () => Promise<void>) => unknown;
}

/** Something that a test opens for itself and closes at its end. */
export interface Workspace {
  readonly close: () => Promise<void>;
}

/** Gives a function that defines tests, each with a workspace of its own. */
export function testsWith<W extends Workspace>(
  { it }: TestRunner,
  open: () => Promise<W>,
): (name: string, test: (workspace: W) => Promise<void>) => void {
  return (name, test) => {
    it(name, async () => {
      const workspace = await open();
      try {
        await test(workspace);
      } finally {
        await workspace.close();
      }
    });
  };
}
