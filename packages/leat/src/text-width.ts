/**
 * The beginning of a text that fits into a number of terminal columns. East Asian wide characters and emoji take two columns;
 * marks that combine with the character before take none and are counted as one, so that the text is never too wide.
 */
export function cutToWidth(text: string, columns: number): string {
  let cut = "";
  let width = 0;
  for (const character of text) {
    width += isWide(character) ? 2 : 1;
    if (width > columns) return cut;
    cut += character;
  }
  return cut;
}

/** From Hangul Jamo on, most characters of a terminal font are wide; a narrow one among them only leaves a blank. */
function isWide(character: string): boolean {
  return (character.codePointAt(0) ?? 0) >= 0x11_00 && !/^[\u1E00-\u2BFF]$/u.test(character);
}

/** A text in lines that fit into a number of columns; a word that does not has a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    const longer = `${line} ${word}`;
    if (line !== undefined && cutToWidth(longer, columns) === longer) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
}
