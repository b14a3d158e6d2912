import { UsageError } from "./errors.ts";
import { Param, type ParamOptions, type ParamType } from "./param.ts";

export interface WithDefault<T> {
  readonly default: T;
}

/** A builder whose result knows, in its type, whether the parameter has a default. */
export interface ParamBuilder<T, O extends ParamOptions<T> = ParamOptions<T>> {
  (options: O & WithDefault<T>): Param<T, true>;
  (options?: O): Param<T, false>;
}

/**
 * The builder of a type, as those of `p` are: `export const uuid = paramBuilder(uuidType)`. Where the type depends on the options,
 * give a function of them.
 */
export function paramBuilder<T, O extends ParamOptions<T> = ParamOptions<T>>(
  type: ParamType<T> | ((options: O) => ParamType<T>),
): ParamBuilder<T, O> {
  const build = (options: O = {} as O): Param<T> =>
    new Param<T>(typeof type === "function" ? type(options) : type, options);
  return build as ParamBuilder<T, O>;
}

/** The error for a parameter that is declared in a way that cannot work. */
export function invalidDeclaration(message: string): UsageError {
  return new UsageError("PARAMETER_DECLARATION_INVALID", message);
}
