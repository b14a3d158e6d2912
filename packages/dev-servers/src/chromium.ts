import { findExecutable } from "./executables.ts";

/** The path of a Chromium, or of Chrome, which is made of it. */
export function findChromium(): string | undefined {
  return findExecutable("chromium", "chromium-browser", "google-chrome");
}
