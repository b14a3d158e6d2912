import { createHash, timingSafeEqual } from "node:crypto";
import { readFileSync } from "node:fs";
import { ServerError } from "./errors.ts";

export const ROLES = ["view", "operate", "worker"] as const;

/** `view` reads. `worker` reads and sends what workers send, `operate` reads and sends what operators send. */
export type Role = (typeof ROLES)[number];

interface Token {
  /** SHA-256: all have the same length, and the token itself is not kept. */
  readonly digest: Buffer;
  readonly roles: ReadonlySet<Role>;
}

const LEAST_LENGTH = 16;

/** The bearer tokens that leatd accepts, and what each may do. */
export class Tokens {
  readonly #tokens: readonly Token[];

  private constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /**
   * Reads tokens from a text: one a line, the roles before it, e.g. `worker 3f8c…` or `view,operate 91ab…`. Empty
   * lines and what follows `#` at the beginning of a line are left out. `source` names the text in errors.
   */
  static parse(text: string, source: string): Tokens {
    const lines = text.split(/\r?\n/).map((line, index) => ({ line: line.trim(), number: index + 1 }));
    const given = lines.filter(({ line }) => line !== "" && !line.startsWith("#"));
    if (given.length === 0) throw invalid(source, "it names no token");
    return new Tokens(given.map(({ line, number }) => parseLine(line, `line ${number}`, source)));
  }

  static read(path: string): Tokens {
    let text: string;
    try {
      text = readFileSync(path, "utf8");
    } catch (error) {
      throw invalid(`"${path}"`, `it cannot be read: ${(error as Error).message}`);
    }
    return Tokens.parse(text, `"${path}"`);
  }

  /** What the bearer may do; `undefined` for a token that is not known. Takes as long for each token, known or not. */
  rolesOf(token: string): ReadonlySet<Role> | undefined {
    const digest = digestOf(token);
    let found: ReadonlySet<Role> | undefined;
    for (const known of this.#tokens) {
      if (timingSafeEqual(known.digest, digest)) found = known.roles;
    }
    return found;
  }
}

/** Errors say nothing of what the line holds: it may be the token. */
function parseLine(line: string, where: string, source: string): Token {
  const [roles, token, ...rest] = line.split(/\s+/);
  if (roles === undefined || token === undefined || rest.length > 0) {
    throw invalid(source, `${where} is not "ROLES TOKEN"`);
  }
  if (token.length < LEAST_LENGTH)
    throw invalid(source, `the token in ${where} has less than ${LEAST_LENGTH} characters`);
  return {
    digest: digestOf(token),
    roles: new Set(roles.split(",").map((role) => parseRole(role, where, source))),
  };
}

function parseRole(text: string, where: string, source: string): Role {
  const role = ROLES.find((known) => known === text);
  if (role === undefined)
    throw invalid(source, `${where} does not begin with roles out of ${ROLES.join(", ")}`);
  return role;
}

function digestOf(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}

function invalid(source: string, what: string): ServerError {
  return new ServerError(
    "OPTION_INVALID",
    `The tokens in ${source} cannot be used: ${what}. ` +
      'Give one a line, e.g. "worker 0123456789abcdef0123456789abcdef"; `openssl rand -hex 32` makes one.',
  );
}
