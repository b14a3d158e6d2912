import { readdirSync, readFileSync } from "node:fs";

/** Of a second in /proc; it is 100 on every Linux that Node runs on. */
const TICKS = 100;

/** Seconds of the processor that the child processes of this one took that have ended. */
export function cpuOfChildren(): number {
  const { ended } = statOf("self");
  return ended;
}

/** Seconds of the processor that a process took, with those of its children that live and all that have ended. */
export function cpuOfTree(pid: number): number {
  const own = statOf(String(pid));
  const others = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const children = others.map(statIfThere).filter((stat) => stat?.parent === pid);
  return children.reduce((sum, stat) => sum + (stat?.own ?? 0), own.own + own.ended);
}

/** A process may end between being listed and being looked at. */
function statIfThere(name: string): Stat | undefined {
  try {
    return statOf(name);
  } catch {
    return undefined;
  }
}

interface Stat {
  readonly parent: number;
  readonly own: number;
  /** Of its children that have ended. */
  readonly ended: number;
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html */
function statOf(name: string): Stat {
  const text = readFileSync(`/proc/${name}/stat`, "utf8");
  // The name of the program stands in parentheses, and may have blanks in it.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const field = (number: number): number => Number(fields[number - 3]);
  return { parent: field(4), own: (field(14) + field(15)) / TICKS, ended: (field(16) + field(17)) / TICKS };
}
