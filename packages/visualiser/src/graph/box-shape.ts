import type { TaskStatus } from "../api/types.ts";
import { BOX } from "./layout.ts";

const { width, height } = BOX;
const CUT = 11;

const SHARP = rounded(3);
const ROUND = rounded(9);
const PILL = rounded(height / 2);

/** Eight corners, as a stop sign has. */
const CUT_CORNERS = `M${CUT} 0H${width - CUT}L${width} ${CUT}V${height - CUT}L${width - CUT} ${height}H${CUT}L0 ${height - CUT}V${CUT}Z`;

/** Outline of a box by state: a shape of its own for each, or a line of its own (see `graph.css`). */
export function outlineOf(status: TaskStatus | null): string {
  switch (status) {
    case "RUNNING":
    case "BATCH_RUNNING":
      return PILL;
    case "FAILED":
      return CUT_CORNERS;
    case "DONE":
      return ROUND;
    case "PENDING":
    case "DISABLED":
    case "UNKNOWN":
    case null:
      return SHARP;
  }
}

function rounded(r: number): string {
  const corner = (x: number, y: number) => `a${r} ${r} 0 0 1 ${x} ${y}`;
  return `M${r} 0H${width - r}${corner(r, r)}V${height - r}${corner(-r, r)}H${r}${corner(-r, -r)}V${r}${corner(r, -r)}Z`;
}
