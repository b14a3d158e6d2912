import type { ResolveHook } from "node:module";
import { isTypeScript } from "./typescript.ts";

/**
 * A hook for Node's module loader: TypeScript is read as an ES module, also below a package.json that does not say
 * `"type": "module"`, and where there is none.
 */
export const resolve: ResolveHook = async (specifier, context, nextResolve) => {
  const found = await nextResolve(specifier, context);
  return isTypeScript(found.url) ? { ...found, format: "module" } : found;
};
