/** How failures are put together in a message; the defaults are Luigi's. */
export interface DigestOptions {
  /** Who gets all; owners of tasks get theirs. */
  readonly receivers: readonly string[];
  /**
   * What counts as one line: a family, each task (`all`), or a family with the parameters that tell its batches apart
   * (`unbatchedParams`).
   */
  readonly batchMode: "family" | "all" | "unbatchedParams";
  /** Last lines that are kept of each error. 0 keeps all. */
  readonly errorLines: number;
  /** Different errors that are kept of each line, the newest. 0 keeps none. */
  readonly errorMessages: number;
  /** Lines with the same errors share them. */
  readonly groupByErrorMessages: boolean;
}

export type Trouble = "failure" | "disable" | "scheduling failure";

/** Something that went wrong with a task. */
export interface Incident {
  readonly trouble: Trouble;
  readonly label: string;
  readonly family: string;
  /** Public parameters. */
  readonly params: { readonly [name: string]: string };
  readonly batchedParams: readonly string[];
  /** Empty when there is none. */
  readonly message: string;
  readonly owners: readonly string[];
}

/** One message for one receiver, without prefix and interval in its subject. */
export interface Digest {
  readonly to: string;
  /** E.g. `Your tasks have 1 failure, 1 disable`. */
  readonly summary: string;
  readonly text: string;
  readonly html: string;
}

/** Lines of one message. What goes wrong beyond them is only counted. */
const MOST_LINES = 1000;

const OTHERS = "and others";

const TROUBLES: readonly Trouble[] = ["failure", "disable", "scheduling failure"];

class Line {
  readonly counts = new Map<Trouble, number>();
  /** Oldest first. */
  messages: readonly string[] = [];

  add(trouble: Trouble, message: string, most: number): void {
    this.counts.set(trouble, this.count(trouble) + 1);
    if (message === "" || most === 0) return;
    this.messages = [...this.messages.filter((other) => other !== message), message].slice(-most);
  }

  count(trouble: Trouble): number {
    return this.counts.get(trouble) ?? 0;
  }
}

type Lines = Map<string, Line>;

interface Group {
  readonly lines: readonly (readonly [key: string, line: Line])[];
  readonly messages: readonly string[];
}

/** Gathers what went wrong, for each receiver, until it is taken. */
export class EmailDigest {
  readonly #options: DigestOptions;
  #byReceiver = new Map<string, Lines>();

  constructor(options: DigestOptions) {
    this.#options = options;
  }

  add(incident: Incident): void {
    const key = this.#keyOf(incident);
    const message = lastLines(incident.message, this.#options.errorLines);
    for (const receiver of new Set([...this.#options.receivers, ...incident.owners])) {
      const lines = this.#byReceiver.get(receiver) ?? new Map<string, Line>();
      this.#byReceiver.set(receiver, lines);
      const isShown = lines.has(key) || lines.size < MOST_LINES;
      const line = lines.get(isShown ? key : OTHERS) ?? new Line();
      lines.set(isShown ? key : OTHERS, line);
      line.add(incident.trouble, isShown ? message : "", this.#options.errorMessages);
    }
  }

  /** All that gathered; then nothing is left. */
  take(): Digest[] {
    const all = [...this.#byReceiver];
    this.#byReceiver = new Map();
    return all.map(([to, lines]) => this.#digest(to, lines));
  }

  #keyOf({ family, label, params, batchedParams }: Incident): string {
    if (this.#options.batchMode === "family") return family;
    if (this.#options.batchMode === "all") return label;
    const kept = Object.entries(params).filter(([name]) => !batchedParams.includes(name));
    return `${family}(${kept.map(([name, value]) => `${name}=${value}`).join(", ")})`;
  }

  #digest(to: string, lines: Lines): Digest {
    const own = this.#options.receivers.includes(to) ? "" : "Your tasks have ";
    const total = TROUBLES.map((trouble) => [trouble, sumOf(lines, trouble)] as const);
    const groups = this.#groupsOf(lines);
    return { to, summary: own + countsText(total), text: textOf(groups), html: htmlOf(groups) };
  }

  #groupsOf(lines: Lines): Group[] {
    const groups = new Map<string, (readonly [string, Line])[]>();
    for (const entry of [...lines].sort(byTrouble)) {
      const [key, { messages }] = entry;
      const shared = this.#options.groupByErrorMessages && messages.length > 0;
      const name = JSON.stringify(shared ? messages : key);
      const members = groups.get(name) ?? [];
      groups.set(name, members);
      members.push(entry);
    }
    return [...groups.values()].map((members) => ({
      lines: members,
      messages: members[0]?.[1].messages ?? [],
    }));
  }
}

function lastLines(message: string, most: number): string {
  return most === 0 ? message : message.trimEnd().split("\n").slice(-most).join("\n");
}

function sumOf(lines: Lines, trouble: Trouble): number {
  let sum = 0;
  for (const line of lines.values()) sum += line.count(trouble);
  return sum;
}

/** Most failures first, then most disables, then by name. */
function byTrouble([aKey, a]: readonly [string, Line], [bKey, b]: readonly [string, Line]): number {
  const failures = (line: Line) => line.count("failure") + line.count("scheduling failure");
  return failures(b) - failures(a) || b.count("disable") - a.count("disable") || (aKey < bKey ? -1 : 1);
}

function countsText(counts: Iterable<readonly [Trouble, number]>): string {
  const parts = [...counts].filter(([, count]) => count > 0);
  return parts.map(([trouble, count]) => `${count} ${trouble}${count === 1 ? "" : "s"}`).join(", ");
}

function lineText([key, line]: readonly [string, Line]): string {
  return `${key} (${countsText(TROUBLES.map((trouble) => [trouble, line.count(trouble)] as const))})`;
}

function textOf(groups: readonly Group[]): string {
  const texts = groups.map(({ lines, messages }) => {
    const heads = lines.map((line, index) => `${index === 0 ? "- " : "  "}${lineText(line)}\n`);
    const errors = messages.map((message) => `\n${message.replaceAll(/^/gm, "      ")}\n`);
    return `${heads.join("")}${errors.join("")}`;
  });
  return texts.join("\n");
}

function htmlOf(groups: readonly Group[]): string {
  const items = groups.map(({ lines, messages }) => {
    const heads = lines.map((line) => escapeHtml(lineText(line))).join("<br>\n");
    const errors = messages.map((message) => `\n<pre>${escapeHtml(message)}</pre>`).join("");
    return `<li>${heads}${errors}</li>\n`;
  });
  return `<ul>\n${items.join("")}</ul>\n`;
}

const ENTITIES: { readonly [character: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] as string);
}
