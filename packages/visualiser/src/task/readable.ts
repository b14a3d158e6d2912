// oxlint-disable-next-line no-control-regex -- colours of terminals begin with this character
const COLOURS = /\u001b\[[0-9;]*[A-Za-z]/g;

/** A text without what colours it in a terminal. Luigi's workers send errors as JSON strings: these are unpacked. */
export function readable(text: string): string {
  return unpacked(text).replaceAll(COLOURS, "");
}

function unpacked(text: string): string {
  if (!text.startsWith('"')) return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "string" ? value : text;
  } catch {
    return text;
  }
}
