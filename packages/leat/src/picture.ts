/** A task in a picture of a graph. */
export interface PictureNode {
  readonly id: string;
  readonly label: string;
  /** Chooses the colour, and is written below the label. */
  readonly kind: string;
  readonly requires: readonly string[];
}

/** Fill and line by kind. */
const COLORS: Readonly<Record<string, readonly [fill: string, line: string]>> = {
  complete: ["#d9ead3", "#38761d"],
  planned: ["#cfe2f3", "#0b5394"],
  waiting: ["#d0e0e3", "#134f5c"],
  blocked: ["#eeeeee", "#666666"],
  pending: ["#cfe2f3", "#0b5394"],
  external: ["#fff2cc", "#bf9000"],
  broken: ["#f4cccc", "#990000"],
  disabled: ["#d9d2e9", "#351c75"],
};
const OTHER = ["#ffffff", "#000000"] as const;

/** A graph for Graphviz. Arrows go from what is required to what requires it: the way of the data. */
export function dotPicture(nodes: readonly PictureNode[]): string {
  const lines = nodes.flatMap(({ id, label, kind, requires }) => {
    const [fill, line] = COLORS[kind] ?? OTHER;
    const text = `label=${dotText(`${label}\n${kind}`)}, fillcolor="${fill}", color="${line}"`;
    return [
      `  ${dotText(id)} [${text}];`,
      ...requires.map((from) => `  ${dotText(from)} -> ${dotText(id)};`),
    ];
  });
  return [
    "digraph plan {",
    "  rankdir=LR;",
    '  node [shape=box, style="rounded,filled"];',
    ...lines,
    "}",
  ].join("\n");
}

function dotText(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** A flowchart for Mermaid, with arrows as in `dotPicture`. */
export function mermaidPicture(nodes: readonly PictureNode[]): string {
  // Ids of Mermaid are short words; those of tasks may be anything.
  const names = new Map(nodes.map(({ id }, index) => [id, `t${index}`]));
  const lines = nodes.flatMap(({ id, label, kind, requires }) => [
    `  ${names.get(id)}["${mermaidText(label)}<br>${kind}"]:::${kind}`,
    ...requires.map((from) => `  ${names.get(from)} --> ${names.get(id)}`),
  ]);
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  const classes = kinds.map((kind) => {
    const [fill, line] = COLORS[kind] ?? OTHER;
    return `  classDef ${kind} fill:${fill},stroke:${line},color:#000`;
  });
  return ["flowchart LR", ...lines, ...classes].join("\n");
}

/** Entities, as Mermaid writes them, for all that could end the text or be taken for markup. */
function mermaidText(text: string): string {
  return text.replaceAll(/["#<>&\\`[\]{}|;]/g, (character) => `#${character.charCodeAt(0)};`);
}
