import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readlink, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, parse } from "node:path";
import { isTemporaryPath, LocalFileSystem, LocalTarget, type Durability } from "@leat/core";
import type { ExtraFileStoreClient, FileStoreClient, FileStoreFaults, FileWorkspace } from "@leat/testkit";

const isLinux = process.platform === "linux";
const NETWORK_FAULTS = [
  "missing",
  "unreachable",
  "silent",
  "cuttable",
  "commandCuttable",
  "halfClosable",
  "delayed",
  "killable",
  "stallable",
];
const isRoot = process.geteuid?.() === 0;

/** A directory of this machine as a place for a test; also what a child process opens. */
export function openLocalClient(directory: string, durability: Durability = "rename"): FileStoreClient {
  return {
    fileSystem: new LocalFileSystem(durability),
    root: parse(directory).root,
    target: (path, options) => new LocalTarget(`${directory}/${path}`, { ...options, durability }),
  };
}

export async function openLocalWorkspace(durability?: Durability): Promise<FileWorkspace> {
  const directory = await mkdtemp(join(tmpdir(), "leat-local-"));
  const client = openLocalClient(directory, durability);
  return {
    ...client,
    leftovers: () => leftoversIn(directory),
    dispose: () => rm(directory, { recursive: true }),
    openSecondClient: async () => ({ ...openLocalClient(directory), dispose: async () => undefined }),
    childModule: {
      url: import.meta.url,
      exportName: "openLocalClient",
      argument: directory,
      execArgv: ["--conditions=@leat/source", "--import=tsx"],
    },
    makeLink: (to, path) => symlink(join(directory, to), join(directory, path)),
    ...(isLinux ? { handlesInUse: () => handlesBelow(directory) } : {}),
    faults: faultsIn(directory, client),
    notGiven: {
      full: "only root may mount a small disk",
      ...Object.fromEntries(NETWORK_FAULTS.map((name) => [name, "a local disk has no connection"])),
    },
  };
}

async function leftoversIn(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true });
  return entries.filter(isTemporaryPath);
}

async function handlesBelow(directory: string): Promise<number> {
  const numbers = await readdir("/proc/self/fd");
  const paths = await Promise.all(
    numbers.map((number) => readlink(`/proc/self/fd/${number}`).catch(() => "")),
  );
  return paths.filter((path) => path.startsWith(directory)).length;
}

function faultsIn(directory: string, client: FileStoreClient): FileStoreFaults {
  // Who can become nobody, or is an ordinary user already, can be refused something.
  const canBeRefused = process.seteuid !== undefined;
  return {
    ...(canBeRefused ? refusals(directory, client) : {}),
    ...(canMount() ? { full: openFullDisk } : {}),
  };
}

function refusals(directory: string, client: FileStoreClient): FileStoreFaults {
  return {
    unauthorized: async () => {
      await chmod(directory, 0o000);
      const becomeRoot = becomeNobody();
      return { ...client, dispose: async () => (becomeRoot(), chmod(directory, 0o755)) };
    },
    readOnly: async (path) => {
      const locked = join(directory, path);
      await openToAll(directory);
      await chmod(locked, 0o555);
      const becomeRoot = becomeNobody();
      return { ...client, dispose: async () => (becomeRoot(), chmod(locked, 0o755)) };
    },
  };
}

/** Permissions mean nothing to root, so it becomes somebody else for a while. */
function becomeNobody(): () => void {
  if (!isRoot) return () => undefined;
  process.seteuid?.(65_534);
  return () => process.seteuid?.(0);
}

async function openToAll(directory: string): Promise<void> {
  await chmod(directory, 0o777);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const directories = entries.filter((entry) => entry.isDirectory());
  await Promise.all(directories.map((entry) => chmod(join(entry.parentPath, entry.name), 0o777)));
}

let mountable: boolean | undefined;

/** Whether this process may mount file systems. */
function canMount(): boolean {
  mountable ??= isLinux && isRoot && spawnSync("unshare", ["--mount", "true"]).status === 0;
  return mountable;
}

/** A file system in memory with room for 4 MiB. */
async function openFullDisk(): Promise<ExtraFileStoreClient> {
  const directory = await mkdtemp(join(tmpdir(), "leat-full-"));
  const disk = join(directory, "disk");
  await mkdir(disk);
  run("mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk);
  const dispose = async (): Promise<void> => {
    run("umount", disk);
    await rm(directory, { recursive: true });
  };
  return { ...openLocalClient(disk), dispose };
}

function run(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")} failed: ${stderr}`);
}
