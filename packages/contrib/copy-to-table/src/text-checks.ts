import { ValueError } from "./value-error.ts";

/** In Node since version 20; TypeScript has it under ES2024. */
type WellFormedString = string & { isWellFormed(): boolean };

/**
 * Refuses text that no database gives back as it was: with a NUL character, which some refuse and others cut at, or with
 * half of a surrogate pair, which UTF-8 cannot hold and encoders replace in silence.
 *
 * @throws ValueError
 */
export function checkText(text: string): void {
  if (text.includes("\0")) throw new ValueError(text, "text without NUL characters");
  if (!(text as WellFormedString).isWellFormed()) throw new ValueError(text, "text without lone surrogates");
}
