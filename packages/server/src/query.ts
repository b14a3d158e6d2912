import { HttpError } from "./http-error.ts";
import type { QueryParameter } from "./route.ts";

const INTEGER = /^-?\d{1,15}$/;

/** Reads the query of a request by what its route declares. Each method throws 400 for a value that is not allowed. */
export class Query {
  readonly #values: URLSearchParams;
  readonly #parameters: readonly QueryParameter[];

  constructor(values: URLSearchParams, parameters: readonly QueryParameter[]) {
    this.#values = values;
    this.#parameters = parameters;
    refuseUnknown(values, parameters);
  }

  /** `undefined`, here and below: not given. */
  text(name: string): string | undefined {
    return this.#get(name) as string | undefined;
  }

  integer(name: string): number | undefined {
    return this.#get(name) as number | undefined;
  }

  flag(name: string): boolean | undefined {
    return this.#get(name) as boolean | undefined;
  }

  /** All values of a parameter that may be repeated, each once. */
  texts(name: string): readonly string[] | undefined {
    const texts = this.#values.getAll(name);
    return texts.length === 0
      ? undefined
      : [...new Set(texts.map((text) => this.#parse(name, text) as string))];
  }

  #get(name: string): unknown {
    const [text, ...others] = this.#values.getAll(name);
    if (others.length > 0) throw invalid(`"${name}" is given ${others.length + 1} times. Give it once.`);
    return text === undefined ? undefined : this.#parse(name, text);
  }

  #parse(name: string, text: string): unknown {
    const { schema } = this.#parameters.find((parameter) => parameter.name === name) as QueryParameter;
    const value = readAs(schema.json["type"], text);
    try {
      schema.check(value, name);
    } catch (error) {
      throw invalid((error as Error).message);
    }
    return value;
  }
}

/** Throws 400 for a parameter that the route does not declare. */
export function refuseUnknown(values: URLSearchParams, parameters: readonly QueryParameter[] = []): void {
  const unknown = [...values.keys()].find((name) => !parameters.some((parameter) => parameter.name === name));
  if (unknown === undefined) return;
  const names = parameters.map(({ name }) => name).join(", ");
  throw invalid(
    `"${unknown}" is not known here. ${names === "" ? "There are no parameters" : `Known are ${names}`}.`,
  );
}

function readAs(type: unknown, text: string): unknown {
  if (type === "integer" && INTEGER.test(text)) return Number(text);
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return text;
}

function invalid(message: string): HttpError {
  return new HttpError(400, "INVALID_QUERY", `In the query: ${message}`);
}
