import type { Arguments } from "./arguments.ts";

/** Methods of Luigi's RPC by name. What they return is the response. */
export type Calls = { readonly [method: string]: (args: Arguments) => unknown };
