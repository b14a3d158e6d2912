import { messageOf } from "./errors.ts";
import { Param, type ParamOptions, type ParamType } from "./param.ts";
import { invalidDeclaration, type WithDefault } from "./param-builder.ts";
import { floatType, intType, stringType } from "./params-scalars.ts";

type Choice = string | number;
type Members = Readonly<Record<string, unknown>>;
type MemberOf<E> = E[keyof E & string];

export interface ChoiceBuilder {
  <const C extends Choice>(
    choices: readonly C[],
    options: ParamOptions<NoInfer<C>> & WithDefault<NoInfer<C>>,
  ): Param<C, true>;
  <const C extends Choice>(choices: readonly C[], options?: ParamOptions<NoInfer<C>>): Param<C, false>;
}

export interface ChoiceListBuilder {
  <const C extends Choice>(
    choices: readonly C[],
    options: ParamOptions<readonly NoInfer<C>[]> & WithDefault<readonly NoInfer<C>[]>,
  ): Param<readonly C[], true>;
  <const C extends Choice>(
    choices: readonly C[],
    options?: ParamOptions<readonly NoInfer<C>[]>,
  ): Param<readonly C[], false>;
}

export interface EnumBuilder {
  <const E extends Members>(
    members: E,
    options: ParamOptions<MemberOf<NoInfer<E>>> & WithDefault<MemberOf<NoInfer<E>>>,
  ): Param<MemberOf<E>, true>;
  <const E extends Members>(
    members: E,
    options?: ParamOptions<MemberOf<NoInfer<E>>>,
  ): Param<MemberOf<E>, false>;
}

export interface EnumListBuilder {
  <const E extends Members>(
    members: E,
    options: ParamOptions<readonly MemberOf<NoInfer<E>>[]> & WithDefault<readonly MemberOf<NoInfer<E>>[]>,
  ): Param<readonly MemberOf<E>[], true>;
  <const E extends Members>(
    members: E,
    options?: ParamOptions<readonly MemberOf<NoInfer<E>>[]>,
  ): Param<readonly MemberOf<E>[], false>;
}

/** One of a list of texts or of numbers. */
export const choice = ((choices: readonly Choice[], options?: ParamOptions<Choice>) =>
  new Param(choiceType(choices), options)) as ChoiceBuilder;

/** Any of a list of texts or of numbers, in any order: `se,rs`. */
export const choiceList = ((choices: readonly Choice[], options?: ParamOptions<readonly Choice[]>) =>
  new Param(commaList("choiceList", choices.map(String), choiceType(choices)), options)) as ChoiceListBuilder;

/** A value of an object that is used as an enum, or of an `enum`; its text is its name. */
export const enumOf = ((members: Members, options?: ParamOptions<unknown>) =>
  new Param(enumType(members), options)) as EnumBuilder;

/** Values of an object that is used as an enum, or of an `enum`: `Red,Green`. */
export const enumListOf = ((members: Members, options?: ParamOptions<readonly unknown[]>) =>
  new Param(commaList("enumList", namesOf(members), enumType(members)), options)) as EnumListBuilder;

function choiceType(choices: readonly Choice[]): ParamType<Choice> {
  const base = typeOfAll(choices);
  const texts = choices.map((choice) => base.serialize(choice));
  const normalize = (value: unknown): Choice => {
    const found = choices.find((choice) => choice === value);
    if (found === undefined) throw new RangeError("it is not one of the choices");
    return found;
  };
  return {
    name: "choice",
    expects: `one of ${texts.join(", ")}`,
    choices: texts,
    parse: (text, context) => normalize(base.parse(text, context)),
    serialize: (value) => base.serialize(value),
    normalize,
  };
}

/** Choices of one kind: texts, whole numbers, or numbers. */
function typeOfAll(choices: readonly Choice[]): ParamType<any> {
  if (choices.length === 0)
    throw invalidDeclaration("There is nothing to choose from. Give at least one choice.");
  if (choices.every((choice) => typeof choice === "string")) return stringType;
  if (choices.every(Number.isSafeInteger)) return intType;
  if (choices.every((choice) => typeof choice === "number")) return floatType;
  throw invalidDeclaration(
    `The choices ${choices.join(", ")} are of several kinds. Give texts only, or numbers only.`,
  );
}

function enumType(members: Members): ParamType<unknown> {
  const names = namesOf(members);
  if (names.length === 0)
    throw invalidDeclaration("The enum has no members. Give an object with at least one.");
  const nameOf = (value: unknown): string | undefined => names.find((name) => members[name] === value);
  return {
    name: "enum",
    expects: `one of ${names.join(", ")}`,
    choices: names,
    parse(text) {
      if (!names.includes(text)) throw new RangeError("there is no such name");
      return members[text];
    },
    serialize: (value) => nameOf(value) as string,
    normalize(value) {
      if (nameOf(value) === undefined) throw new RangeError("it is not a member");
      return value;
    },
  };
}

/** The names of members, without the way back from number to name that TypeScript gives to numeric enums. */
function namesOf(members: Members): string[] {
  return Object.keys(members).filter((name) => {
    const member = members[name];
    return typeof member !== "string" || members[member] !== Number(name);
  });
}

/** Elements joined by commas; no text at all is the empty list. */
function commaList<T>(
  name: string,
  texts: readonly string[],
  element: ParamType<T>,
): ParamType<readonly T[]> {
  const unusable = texts.find((text) => text === "" || text.includes(","));
  if (unusable !== undefined) {
    throw invalidDeclaration(
      `${JSON.stringify(unusable)} cannot stand in a list that is separated by commas. Rename it.`,
    );
  }
  return {
    name,
    expects: `any of these, separated by commas: ${texts.join(", ")}`,
    parse: (text, context) =>
      text === "" ? [] : text.split(",").map(numbered((item) => element.parse(item, context))),
    serialize: (value) => value.map((item) => element.serialize(item)).join(","),
    normalize(value) {
      if (!Array.isArray(value)) throw new TypeError("it is not a list");
      return Object.freeze(value.map(numbered((item) => element.normalize(item))));
    },
  };
}

/** The same function, saying of which element an error is. */
function numbered<A, B>(read: (item: A) => B): (item: A, index: number) => B {
  return (item, index) => {
    try {
      return read(item);
    } catch (cause) {
      throw new RangeError(`of element ${index + 1}, ${messageOf(cause)}`, { cause });
    }
  };
}
