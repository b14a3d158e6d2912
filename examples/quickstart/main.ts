/** Calls a program with its arguments and exits with the code that it gives; of an error the message is shown. */
export async function main(program: (args: readonly string[]) => Promise<number>): Promise<void> {
  try {
    process.exitCode = await program(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`quickstart: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
