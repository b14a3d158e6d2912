import { useEffect, useRef, useState } from "preact/hooks";
import type { Folded } from "./fold.ts";
import type { Layout } from "./layout.ts";

/** Where the boxes go; the layout before stays until the next is there. */
export function useLayout({ boxes, links }: Folded): Layout | undefined {
  const [layout, setLayout] = useState<Layout | undefined>();
  const worker = useRef<Worker | undefined>(undefined);
  const number = useRef(0);
  useEffect(() => {
    const started = new Worker(new URL("./layout-worker.ts", import.meta.url), { type: "module" });
    started.addEventListener("message", ({ data }: MessageEvent<{ number: number; layout: Layout }>) => {
      if (data.number === number.current) setLayout(data.layout);
    });
    worker.current = started;
    return () => started.terminate();
  }, []);
  // States change often, boxes and links do not.
  const request = { boxes: boxes.map(({ id }) => id), links };
  useEffect(() => {
    number.current += 1;
    worker.current?.postMessage({ number: number.current, request });
  }, [JSON.stringify(request)]);
  return layout;
}
