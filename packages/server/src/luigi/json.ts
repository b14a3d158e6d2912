import { HttpError } from "../http-error.ts";

/** A string, or one of the tokens that Python writes and JSON does not know. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?Infinity|NaN/g;

const MAYBE_TOKEN = /Infinity|NaN/;

/** Parses JSON as Python writes it: infinite numbers keep their meaning, and what is not a number becomes `null`. */
export function parsePythonJson(text: string): unknown {
  try {
    return JSON.parse(MAYBE_TOKEN.test(text) ? text.replace(TOKENS, toJson) : text);
  } catch (error) {
    throw new HttpError(400, "INVALID_COMMAND", `"data" is not JSON: ${(error as Error).message}`);
  }
}

/** A number too large for its type is infinite when it is read. */
function toJson(token: string): string {
  if (token === "Infinity") return "1e999";
  if (token === "-Infinity") return "-1e999";
  return token === "NaN" ? "null" : token;
}

/** JSON that may stand inside a page, as luigid writes it. */
export function toPageJson(value: unknown): string {
  return JSON.stringify(value).replaceAll("</", "<\\/");
}
