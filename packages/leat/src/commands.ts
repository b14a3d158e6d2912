import type { Command } from "./command.ts";

const TASK = "MODULE TASK [--param value …]";

/** All commands, in the order of help. */
export const COMMANDS: readonly Command[] = [
  {
    name: "run",
    usage: TASK,
    description: "Run a task and all that it requires.",
    load: async () => (await import("./run-command.ts")).run,
  },
  {
    name: "worker",
    usage: "MODULE… --scheduler URL",
    description: "Stay, and run tasks of these modules that others registered at a scheduler.",
    load: async () => (await import("./worker-command.ts")).worker,
  },
  {
    name: "server",
    usage: "[flags of leatd]",
    description: "Start leatd, the scheduler that workers share.",
    load: async () => (await import("./server-command.ts")).server,
  },
  {
    name: "plan",
    usage: TASK,
    description: "Show what would run, what would not, and why.",
    load: async () => (await import("./plan-command.ts")).plan,
  },
  {
    name: "tree",
    usage: TASK,
    description: "Show a task and all that it requires, complete or not.",
    load: async () => (await import("./tree-command.ts")).tree,
  },
  {
    name: "path",
    usage: "MODULE FROM TO [--param value …]",
    description: "Show the tasks that lead from a task to those of another name, and their outputs.",
    load: async () => (await import("./path-command.ts")).path,
  },
  {
    name: "clean",
    usage: TASK,
    description: "Remove the outputs of a task.",
    load: async () => (await import("./clean-command.ts")).clean,
  },
  {
    name: "sweep",
    usage: "DIRECTORY…",
    description: "Remove what runs that were killed left half written.",
    load: async () => (await import("./sweep-command.ts")).sweep,
  },
  {
    name: "list",
    usage: "MODULE",
    description: "List the tasks of a module and their parameters.",
    load: async () => (await import("./list-command.ts")).list,
  },
  {
    name: "config",
    usage: "[MODULE]",
    description: "Show the configuration in force, and where each value comes from.",
    load: async () => (await import("./config-command.ts")).config,
  },
  {
    name: "grep",
    usage: "[TEXT]",
    description: "Find tasks in a scheduler by name, id or status.",
    load: async () => (await import("./grep-command.ts")).grep,
  },
  {
    name: "completion",
    usage: "SHELL",
    description: "Print a script by which bash, zsh or fish completes command lines.",
    load: async () => (await import("./completion-command.ts")).completion,
  },
];
