import { parseArgs } from "node:util";
import { ServerError } from "./errors.ts";
import { FLAGS, helpText, optionsFrom } from "./flags.ts";
import { version } from "./assemble.ts";
import { type RunningServer, startServer } from "./server.ts";

/** As Luigi's daemons end: 2 for a wrong command line or a place that cannot be used, 1 for a failure while serving. */
const USAGE = 2;
const FAILED = 1;

/**
 * Carries out the command line of `leatd`. Resolves to the exit code when it has stopped.
 *
 * @param print writes to stdout
 */
export async function main(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  print: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  let server: RunningServer;
  try {
    const { values } = parse(args);
    const said = values["help"] === true ? helpText() : values["version"] === true && `${version()}\n`;
    if (said !== false) {
      print(said);
      return 0;
    }
    server = await startServer({ ...optionsFrom(values, env), onError: complain });
  } catch (error) {
    complain(error);
    return USAGE;
  }
  // Whoever reads the lines may want it to stop at once.
  const served = serve(server);
  log(`leatd ${version()} listens on ${server.url}`);
  void server.leading.then(() => log("leatd leads"));
  return served;
}

function parse(args: readonly string[]): { values: { [name: string]: string | boolean | undefined } } {
  const options = Object.fromEntries(FLAGS.map(({ name, placeholder }) => [name, typeOf(placeholder)]));
  try {
    return parseArgs({ args: [...args], options, strict: true, allowPositionals: false });
  } catch (error) {
    throw new ServerError("OPTION_INVALID", `${(error as Error).message} See leatd --help.`, {
      cause: error,
    });
  }
}

function typeOf(placeholder: string | undefined): { type: "string" | "boolean" } {
  return { type: placeholder === undefined ? "boolean" : "string" };
}

async function serve(server: RunningServer): Promise<number> {
  const stop = (signal: NodeJS.Signals) => {
    log(`leatd stops: ${signal}`);
    // How it ends is told by `stopped`.
    server.stop().catch(() => undefined);
  };
  process.once("SIGTERM", stop).once("SIGINT", stop);
  try {
    await server.stopped;
    return 0;
  } catch (error) {
    complain(error);
    return FAILED;
  }
}

function log(message: string): void {
  process.stderr.write(`${new Date().toISOString()} ${message}\n`);
}

/** A foreseen error says all in its message; any other came from a defect that somebody has to find. */
function complain(error: unknown): void {
  log(
    error instanceof ServerError
      ? `leatd: ${error.message}`
      : `leatd: ${(error as Error).stack ?? String(error)}`,
  );
}
