import { register } from "node:module";

let enabled: Promise<void> | undefined;

/** Lets this process import TypeScript: Node 20 reads none by itself, and newer ones only what they can erase. */
export function supportTypeScript(): Promise<void> {
  enabled ??= registerHooks();
  return enabled;
}

async function registerHooks(): Promise<void> {
  const tsx = await import("tsx/esm/api");
  tsx.register();
  register(
    isTypeScript(import.meta.url) ? "./typescript-hooks.ts" : "./typescript-hooks.js",
    import.meta.url,
  );
}

/** Whether a module is TypeScript by its name. */
export function isTypeScript(url: string): boolean {
  return /\.m?tsx?$/.test(new URL(url).pathname);
}
