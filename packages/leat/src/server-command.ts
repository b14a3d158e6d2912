import { UsageError } from "@leat/core";
import type { Program } from "./command.ts";
import { print } from "./output.ts";

/** Asked for by name, at run time: nobody who only runs tasks has to install it. */
const SERVER = "@leat/server";

interface ServerModule {
  runLeatd(args: readonly string[], env: NodeJS.ProcessEnv, print: (text: string) => void): Promise<number>;
}

/** `leat server`: leatd, with its own flags. */
export const server: Program = { flags: [], execute };

async function execute(args: readonly string[]): Promise<number> {
  const leatd = await loadServer();
  return leatd.runLeatd(args, process.env, print);
}

async function loadServer(): Promise<ServerModule> {
  try {
    return (await import(SERVER)) as ServerModule;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code !== "ERR_MODULE_NOT_FOUND" || !message.includes(SERVER)) throw cause;
    throw new UsageError(
      "MODULE_NOT_FOUND",
      `leat server needs the package ${SERVER}, which is not installed. Install it beside leat: npm install ${SERVER}.`,
      { cause },
    );
  }
}
