import { Graph, layout } from "@dagrejs/dagre";
import type { Link } from "./fold.ts";

export const BOX = { width: 224, height: 46 } as const;

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  /** Middle of each box. */
  readonly places: ReadonlyMap<string, Point>;
  readonly lines: readonly (Link & { readonly points: readonly Point[] })[];
  readonly width: number;
  readonly height: number;
}

export interface LayoutRequest {
  readonly boxes: readonly string[];
  readonly links: readonly Link[];
}

/** Puts requirements left of what requires them, in layers. */
export function layOut({ boxes, links }: LayoutRequest): Layout {
  // The library keeps names as keys of objects; numbers are safe there, whatever a task is called.
  const numbers = new Map(boxes.map((box, index) => [box, String(index)]));
  const graph = new Graph();
  graph.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 64, marginx: 24, marginy: 24 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const number of numbers.values()) graph.setNode(number, { ...BOX });
  const ends = ({ from, to }: Link) => [numbers.get(from) ?? "", numbers.get(to) ?? ""] as const;
  for (const link of links) graph.setEdge(...ends(link));
  layout(graph);
  const { width = 0, height = 0 } = graph.graph();
  return {
    places: new Map(boxes.map((box) => [box, pointOf(graph.node(numbers.get(box) ?? ""))])),
    lines: links.map((link) => ({ ...link, points: graph.edge(...ends(link)).points.map(pointOf) })),
    width,
    height,
  };
}

function pointOf({ x = 0, y = 0 }: { readonly x?: number; readonly y?: number }): Point {
  return { x, y };
}
