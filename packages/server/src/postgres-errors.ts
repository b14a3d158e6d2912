import { ServerError, type ServerErrorCode } from "./errors.ts";

const HINTS: { readonly [code: string]: string } = {
  "28000": "Check the user in the URL, and pg_hba.conf.", // invalid_authorization_specification
  "28P01": "Check the password in the URL.", // invalid_password
  "3D000": "Make the database first.", // invalid_catalog_name
  "3F000": "The user may not make the schema leatd; make it for him.", // invalid_schema_name
  "42501": "The user of the URL needs the right to create the schema leatd.", // insufficient_privilege
  "53100": "The disk of the server is full.", // disk_full
  "53300": "The server has no connection left for leatd: raise max_connections.", // too_many_connections
  ECONNREFUSED: "Is PostgreSQL running there?",
  ENOTFOUND: "No machine has the name that the URL gives.",
};

/** What PostgreSQL or its driver threw, as our error. Names the place, never the password. */
export function postgresError(code: ServerErrorCode, place: string, error: unknown): ServerError {
  if (error instanceof ServerError) return error;
  const { message, code: given = "" } = error as Error & { readonly code?: string };
  const hint = HINTS[given] === undefined ? "" : ` ${HINTS[given]}`;
  return new ServerError(code, `The state in ${place} cannot be used: ${message}.${hint}`, { cause: error });
}

/** Host, port and database of the URL, without user and password. */
export function placeOf(url: string): string {
  if (!URL.canParse(url)) {
    throw new ServerError(
      "OPTION_INVALID",
      "--state is no URL of a PostgreSQL: postgres://USER:PASSWORD@HOST/DATABASE",
    );
  }
  const { host, pathname } = new URL(url);
  return `PostgreSQL "${host}${pathname}"`;
}
