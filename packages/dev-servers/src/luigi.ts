import { pythonPrograms } from "./python-programs.ts";

/** The Luigi that tests and measurements compare with. */
export const LUIGI_VERSION = "3.8.1";

/**
 * Folder of the programs of Luigi 3.8.1: `python`, `luigi`, `luigid`. The first call installs it: see {@link pythonPrograms}.
 *
 * @param packages what else the programs import, such as `psycopg2-binary==2.9.11`, each with its version
 */
export function luigiPrograms(packages: readonly string[] = []): string {
  return pythonPrograms(`luigi-${LUIGI_VERSION}`, [`luigi==${LUIGI_VERSION}`, ...packages]);
}
