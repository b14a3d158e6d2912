import { parseArgs } from "node:util";
import { UsageError } from "@leat/core";
import { nearNames, notFoundMessage } from "@leat/worker";

/** One `--name`. A flag without a placeholder is a switch: `--name`, `--no-name`, `--name=false`. */
export interface Flag {
  /** Without the dashes. */
  readonly name: string;
  /** One letter for `-h`. */
  readonly short?: string;
  /** What stands for the value in help: `N`. */
  readonly placeholder?: string;
  readonly description: string;
  /** Accepted, but only shown by `--help-all`. Default false. */
  readonly isHidden?: boolean;
}

export interface ParsedFlags {
  /** Texts of the flags that were given, by name; a switch gives `true` or `false`. The last one counts. */
  readonly values: ReadonlyMap<string, string>;
  readonly positionals: readonly string[];
}

type Token = NonNullable<ReturnType<typeof parseArgs>["tokens"]>[number];
type OptionToken = Extract<Token, { kind: "option" }>;

/**
 * Reads a command line against flags.
 *
 * @throws UsageError `FLAG_UNKNOWN`, `FLAG_INVALID`
 */
export function parseFlags(args: readonly string[], flags: readonly Flag[]): ParsedFlags {
  const values = new Map<string, string>();
  const positionals: string[] = [];
  for (const token of tokensOf(args, flags)) {
    if (token.kind === "positional") positionals.push(token.value);
    else if (token.kind === "option") readOption(token, flags, values);
  }
  return { values, positionals };
}

/** Positionals of a command line whose flags are not all known yet: a value of an unknown flag is taken for one. */
export function leadingPositionals(args: readonly string[], flags: readonly Flag[]): string[] {
  return tokensOf(args, flags).flatMap((token) => (token.kind === "positional" ? [token.value] : []));
}

function tokensOf(args: readonly string[], flags: readonly Flag[]): Token[] {
  const options = Object.fromEntries(
    flags.map(({ name, short, placeholder }) => [
      name,
      { type: placeholder === undefined ? "boolean" : "string", ...(short && { short }) } as const,
    ]),
  );
  return parseArgs({ args: [...args], options, strict: false, allowPositionals: true, tokens: true }).tokens;
}

function readOption(token: OptionToken, flags: readonly Flag[], values: Map<string, string>): void {
  const flag = flags.find(({ name }) => name === token.name);
  const negated = flags.find(
    ({ name, placeholder }) => placeholder === undefined && `no-${name}` === token.name,
  );
  if (flag !== undefined) values.set(flag.name, valueOf(token, flag));
  else if (negated !== undefined && token.value === undefined) values.set(negated.name, "false");
  else throw unknownFlag(token, flags);
}

function valueOf({ value, inlineValue }: OptionToken, { name, placeholder }: Flag): string {
  if (value === undefined && placeholder === undefined) return "true";
  if (value === undefined) throw invalidFlag(`The flag --${name} needs a value: --${name} ${placeholder}.`);
  // What looks like a flag is one: else a forgotten value would swallow the next flag.
  if (inlineValue || !value.startsWith("--")) return value;
  throw invalidFlag(`The flag --${name} needs a value. If ${value} is meant, write --${name}=${value}.`);
}

function invalidFlag(message: string): UsageError {
  return new UsageError("FLAG_INVALID", message);
}

function unknownFlag(token: OptionToken, flags: readonly Flag[]): UsageError {
  // Forms that help does not show are suggested only when nothing else is near.
  const shown = flags.filter(({ isHidden }) => isHidden !== true);
  const isNear = nearNames(token.rawName, shown.map(asTyped)).length > 0;
  const names = (isNear ? shown : flags).map(asTyped);
  return new UsageError("FLAG_UNKNOWN", `${notFoundMessage("flag", token.rawName, names)} See --help.`);
}

function asTyped({ name }: Flag): string {
  return `--${name}`;
}

/** @throws UsageError `FLAG_INVALID` when there are more positionals than a command takes */
export function refuseExtra({ positionals }: ParsedFlags, count: number, cure: string): void {
  const extra = positionals[count];
  if (extra === undefined) return;
  throw invalidFlag(`${JSON.stringify(extra)} is one argument too many. ${cure}`);
}

/** @throws UsageError `FLAG_INVALID` for a flag that is given with anything but one of the choices */
export function choiceFlag<const C extends string>(
  { values }: ParsedFlags,
  name: string,
  choices: readonly C[],
  fallback: C,
): C {
  const text = values.get(name) ?? fallback;
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw invalidFlag(`--${name} does not accept ${JSON.stringify(text)}. Give one of ${choices.join(", ")}.`);
}

/** @throws UsageError `FLAG_INVALID` for a flag that is given with anything but a whole number of at least 1 */
export function countFlag({ values }: ParsedFlags, name: string, fallback: number): number {
  const text = values.get(name);
  if (text === undefined) return fallback;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw invalidFlag(`--${name} does not accept ${JSON.stringify(text)}. Give a whole number of at least 1.`);
}

/** @throws UsageError `FLAG_INVALID` for a switch that is given with anything but true or false */
export function switchFlag(parsed: ParsedFlags, name: string): boolean {
  return choiceFlag(parsed, name, ["true", "false"], "false") === "true";
}
