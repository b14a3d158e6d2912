import type { ConfigSections } from "@leat/core";
import { invalidConfig } from "./config-files.ts";

type Section = Record<string, string>;

/**
 * Sections of a file as Python's `configparser` reads it, the format of `luigi.cfg`: keys have case, comments have lines of their
 * own, lines that are indented go on with the value above.
 *
 * @throws UsageError `CONFIG_INVALID`
 */
export function parseCfg(text: string, path: string): ConfigSections {
  const parser = new CfgParser(path);
  for (const line of text.split(/\r\n|\r|\n/)) parser.read(line);
  return parser.end();
}

class CfgParser {
  readonly #path: string;
  // Without a prototype: a section may be named __proto__.
  readonly #sections: Record<string, Section> = Object.create(null) as Record<string, Section>;
  #section: Section | undefined;
  #key: string | undefined;
  /** Lines of the value that is being read. */
  #value: string[] = [];
  #line = 0;

  constructor(path: string) {
    this.#path = path;
  }

  read(line: string): void {
    this.#line++;
    const content = line.trim();
    if (/^[#;]/.test(content)) return;
    const goesOn = this.#key !== undefined && (content === "" || /^\s/.test(line));
    if (goesOn) this.#value.push(content);
    else if (content.startsWith("[")) this.#openSection(content);
    else if (content !== "") this.#openKey(content);
  }

  end(): ConfigSections {
    this.#closeKey();
    return this.#sections;
  }

  #openSection(content: string): void {
    this.#closeKey();
    const name = /^\[([^\]]+)\]$/.exec(content)?.[1];
    if (name === undefined) throw this.#invalid(`${content} is no section. Write [name].`);
    if (name in this.#sections) throw this.#invalid(`the section [${name}] is there twice. Join the two.`);
    this.#section = Object.create(null) as Section;
    this.#sections[name] = this.#section;
  }

  #openKey(content: string): void {
    this.#closeKey();
    const [, key = "", value = ""] = /^([^=:]*?)\s*[=:]\s*(.*)$/.exec(content) ?? [];
    if (key === "") throw this.#invalid(`${JSON.stringify(content)} is no setting. Write key = value.`);
    if (this.#section === undefined)
      throw this.#invalid(`${key} is in no section. Put a line such as [core] above it.`);
    if (key in this.#section) throw this.#invalid(`${key} is there twice. Take one of them away.`);
    this.#key = key;
    this.#value = [value];
  }

  #closeKey(): void {
    if (this.#key !== undefined && this.#section !== undefined)
      this.#section[this.#key] = this.#value.join("\n").trimEnd();
    this.#key = undefined;
  }

  #invalid(reason: string) {
    return invalidConfig(this.#path, this.#line, reason);
  }
}
