import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

// The lock makes calls at the same time wait for one another. What is installed already is not asked for again.
const INSTALL = `
  test -x "$0/bin/python" || python3 -m venv "$0"
  shift
  "$0/bin/pip" install --quiet --disable-pip-version-check "$@"
`;

/**
 * Folder of the programs of packages from PyPI, in a virtual environment under `LEAT_TOOLS_DIR` (default `~/.cache/leat-tools`).
 * The first call installs them; needs `python3` with `venv` and `flock`.
 *
 * @param name of the environment
 * @param packages each with its version: `luigi==3.8.1`
 */
export function pythonPrograms(name: string, packages: readonly string[]): string {
  const tools = process.env["LEAT_TOOLS_DIR"] ?? join(homedir(), ".cache", "leat-tools");
  const folder = join(tools, name);
  const missing = packages.filter((wanted) => !isInstalled(folder, wanted));
  if (missing.length > 0) {
    mkdirSync(tools, { recursive: true });
    execFileSync("flock", [`${folder}.lock`, "sh", "-ec", INSTALL, folder, "--", ...missing], {
      stdio: ["ignore", 2, "inherit"],
    });
  }
  return join(folder, "bin");
}

/** Whether `name==version` is there, by a look at what pip keeps of each package. */
function isInstalled(folder: string, wanted: string): boolean {
  const python = join(folder, "bin", "python");
  if (!existsSync(python)) return false;
  const code =
    "import importlib.metadata as m, sys; n, v = sys.argv[1].split('=='); sys.exit(m.version(n) != v)";
  try {
    execFileSync(python, ["-c", code, wanted], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
