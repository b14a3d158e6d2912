import { inspect } from "node:util";

/** What a wrong value is, for error messages: `the string "x"`, `the class Report`, `an object of class Set`. */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "string") return `the string ${JSON.stringify(value)}`;
  if (typeof value === "function") return `the ${isClass(value) ? "class" : "function"} ${value.name}`;
  if (typeof value === "object") return `an object of class ${value.constructor?.name ?? "Object"}`;
  return `the ${typeof value} ${inspect(value)}`;
}

function isClass(value: object): boolean {
  return /^class\b/.test(Function.prototype.toString.call(value));
}
