/** A check of a value: a function that gives it back or throws, or an object of the Standard Schema interface. */
export type Schema<T> = ((value: any) => T) | StandardSchema<T>;

/** What zod, valibot, arktype and others have in common (https://standardschema.dev, version 1). */
export interface StandardSchema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

type SchemaResult<T> =
  | { readonly value: T; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] };

interface SchemaIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** The value as the schema gives it back. Throws, with all that is wrong, for a value that it refuses. */
export function applySchema<T>(schema: Schema<T>, value: unknown): T {
  if (!("~standard" in schema)) return schema(value);
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise)
    throw new TypeError("its schema is asynchronous, which a parameter cannot wait for");
  if (result.issues === undefined) return result.value;
  throw new RangeError(result.issues.map(describeIssue).join("; "));
}

function describeIssue({ message, path = [] }: SchemaIssue): string {
  const keys = path.map((step) => String(typeof step === "object" ? step.key : step));
  return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
}
