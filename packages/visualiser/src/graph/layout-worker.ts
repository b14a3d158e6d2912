import { type LayoutRequest, layOut } from "./layout.ts";

// A large graph takes longer than a frame, so it is laid out beside the page.
addEventListener("message", ({ data }: MessageEvent<{ number: number; request: LayoutRequest }>) => {
  postMessage({ number: data.number, layout: layOut(data.request) });
});
