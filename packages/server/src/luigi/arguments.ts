import { HttpError } from "../http-error.ts";

/** The arguments of a call, by name. `null` counts as not given. Each method throws 400 for a value of another kind. */
export class Arguments {
  readonly #values: { readonly [name: string]: unknown };

  constructor(values: unknown) {
    if (typeof values !== "object" || values === null || Array.isArray(values))
      throw wrong("data", "an object");
    this.#values = values as { [name: string]: unknown };
  }

  /** Any value; `undefined` when not given. */
  get(name: string): unknown {
    return Object.hasOwn(this.#values, name) ? (this.#values[name] ?? undefined) : undefined;
  }

  /** All of them. */
  all(): { readonly [name: string]: unknown } {
    return this.#values;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** A text that has to be given. */
  text(name: string): string {
    const text = this.optionalText(name);
    if (text === undefined) throw new HttpError(400, "INVALID_COMMAND", `The argument "${name}" is missing.`);
    return text;
  }

  optionalText(name: string): string | undefined {
    const value = this.get(name);
    if (value !== undefined && typeof value !== "string") throw wrong(name, "a text");
    return value;
  }

  /** Any value as text, empty when not given; what is no text as JSON. */
  anyText(name: string): string {
    const value = this.get(name) ?? "";
    return typeof value === "string" ? value : JSON.stringify(value);
  }

  /** A finite number; an infinite one counts as the largest that is. */
  number(name: string): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== "number" && typeof value !== "boolean") throw wrong(name, "a number");
    return Math.max(-Number.MAX_VALUE, Math.min(Number.MAX_VALUE, Number(value)));
  }

  /** Python's idea of truth, as far as JSON goes. */
  flag(name: string, fallback = false): boolean {
    const value = this.get(name);
    return value === undefined ? fallback : value !== false && value !== 0 && value !== "";
  }

  texts(name: string): readonly string[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (!Array.isArray(value) || !value.every((item) => typeof item === "string"))
      throw wrong(name, "a list of texts");
    return value;
  }

  /** Numbers by name, e.g. resources. */
  numbers(name: string): { readonly [key: string]: number } | undefined {
    return this.#map(name, "numbers", (value) => typeof value === "number") as
      | { [key: string]: number }
      | undefined;
  }

  /** Texts by name, e.g. parameters. */
  textMap(name: string): { readonly [key: string]: string } | undefined {
    return this.#map(name, "texts", (value) => typeof value === "string") as
      | { [key: string]: string }
      | undefined;
  }

  /** A map whose values may be anything. A list of pairs counts as one. */
  map(name: string): { readonly [key: string]: unknown } | undefined {
    const value = this.get(name);
    if (Array.isArray(value)) return Object.fromEntries(value as [string, unknown][]);
    return this.#map(name, "values", () => true);
  }

  #map(
    name: string,
    what: string,
    accepts: (value: unknown) => boolean,
  ): { [key: string]: unknown } | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value !== "object" || value === null || !Object.values(value).every(accepts)) {
      throw wrong(name, `an object of ${what}`);
    }
    return value as { [key: string]: unknown };
  }
}

function wrong(name: string, wanted: string): HttpError {
  return new HttpError(400, "INVALID_COMMAND", `The argument "${name}" must be ${wanted}.`);
}
