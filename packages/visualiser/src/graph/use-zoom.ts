import type { RefObject } from "preact";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import type { Point } from "./layout.ts";

/** What part of a drawing is seen: its point at the left top corner of the window, and how large it is drawn. */
interface View {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

const LEAST_SCALE = 0.05;
const MOST_SCALE = 2.5;
const READABLE_SCALE = 0.5;

export interface Zoom {
  readonly view: View;
  readonly zoomBy: (factor: number) => void;
  /** Shows all of the drawing; with a middle, what is around it when all would be too small to read. */
  readonly fit: (drawing: Size, middle?: Point) => void;
  /** Brings a point of the drawing to the middle. */
  readonly centre: (point: Point) => void;
}

/** Moves and zooms a drawing by wheel, by dragging, and by what it returns. */
export function useZoom(window: RefObject<SVGSVGElement | null>): Zoom {
  const [view, setView] = useState<View>({ x: 0, y: 0, scale: 1 });
  const sizeOf = () => window.current?.getBoundingClientRect() ?? new DOMRect();
  const zoomBy = useCallback((factor: number, at?: Point) => {
    const { width, height } = sizeOf();
    setView((before) => zoomed(before, factor, at ?? { x: width / 2, y: height / 2 }));
  }, []);
  const fit = useCallback((drawing: Size, middle?: Point) => {
    const all = fitted(drawing, sizeOf());
    setView(
      middle === undefined || all.scale >= READABLE_SCALE ? all : around(middle, READABLE_SCALE, sizeOf()),
    );
  }, []);
  const centre = useCallback((point: Point) => setView(({ scale }) => around(point, scale, sizeOf())), []);
  useWheel(window, zoomBy);
  useDrag(window, setView);
  return { view, zoomBy, fit, centre };
}

function zoomed({ x, y, scale }: View, factor: number, at: Point): View {
  const next = Math.min(MOST_SCALE, Math.max(LEAST_SCALE, scale * factor));
  return { x: x + at.x / scale - at.x / next, y: y + at.y / scale - at.y / next, scale: next };
}

/** All of the drawing in the middle of the window; small drawings are not blown up. */
function fitted(drawing: Size, { width, height }: Size): View {
  const wanted = Math.min(width / Math.max(1, drawing.width), height / Math.max(1, drawing.height), 1);
  const scale = Math.max(LEAST_SCALE, wanted);
  return { scale, x: (drawing.width - width / scale) / 2, y: (drawing.height - height / scale) / 2 };
}

/** The point in the middle of the window. */
function around(point: Point, scale: number, { width, height }: Size): View {
  return { scale, x: point.x - width / 2 / scale, y: point.y - height / 2 / scale };
}

function useWheel(
  window: RefObject<SVGSVGElement | null>,
  zoomBy: (factor: number, at: Point) => void,
): void {
  useEffect(() => {
    const svg = window.current;
    const listener = (event: WheelEvent) => {
      event.preventDefault();
      const { left, top } = (svg as SVGSVGElement).getBoundingClientRect();
      zoomBy(Math.exp(-event.deltaY / 500), { x: event.clientX - left, y: event.clientY - top });
    };
    svg?.addEventListener("wheel", listener, { passive: false });
    return () => svg?.removeEventListener("wheel", listener);
  }, []);
}

/** Smaller movements are clicks. */
const DRAG_PIXELS = 4;

function useDrag(
  window: RefObject<SVGSVGElement | null>,
  setView: (change: (before: View) => View) => void,
): void {
  const last = useRef<Point | undefined>(undefined);
  useEffect(() => {
    const svg = window.current;
    const abort = new AbortController();
    const { signal } = abort;
    svg?.addEventListener(
      "pointerdown",
      ({ clientX, clientY }) => (last.current = { x: clientX, y: clientY }),
      { signal },
    );
    addEventListener("pointerup", () => (last.current = undefined), { signal });
    addEventListener(
      "pointermove",
      ({ clientX, clientY }) => {
        const from = last.current;
        if (from === undefined) return;
        const moved = { x: clientX - from.x, y: clientY - from.y };
        if (Math.hypot(moved.x, moved.y) < DRAG_PIXELS) return;
        last.current = { x: clientX, y: clientY };
        setView(({ x, y, scale }) => ({ x: x - moved.x / scale, y: y - moved.y / scale, scale }));
      },
      { signal },
    );
    return () => abort.abort();
  }, []);
}
