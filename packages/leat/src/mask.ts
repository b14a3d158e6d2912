import type { ConfigValue } from "@leat/core";

export const MASK = "***";

const SECRET_KEY = /passw|passphrase|pwd|secret|token|credential|api[-_]?key|private[-_]?key/i;

/** `://user:password@` and `password=…`, as URLs and connection strings have them. */
const SECRETS_IN_TEXT: readonly (readonly [RegExp, string])[] = [
  [/(:\/\/[^\s/:@]*:)[^\s/]*(?=@)/g, `$1${MASK}`],
  [/((?:passw|passphrase|pwd|secret|token|api[-_]?key)\w*\s*[=:]\s*)('[^']*'|[^\s&;,]+)/gi, `$1${MASK}`],
];

/** A value as text, without what is likely a secret: by its key, or by its place in an address. */
export function maskedText(key: string, value: ConfigValue): string {
  if (SECRET_KEY.test(key) && value !== "") return MASK;
  if (typeof value !== "string")
    return JSON.stringify(value, (name, item: unknown) => maskedItem(name, item));
  return SECRETS_IN_TEXT.reduce((text, [pattern, masked]) => text.replaceAll(pattern, masked), value);
}

function maskedItem(name: string, item: unknown): unknown {
  if (SECRET_KEY.test(name)) return MASK;
  return typeof item === "string" ? maskedText("", item) : item;
}
