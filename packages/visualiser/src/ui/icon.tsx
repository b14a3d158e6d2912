/** Lines on a field of 16 by 16. */
const PATHS = {
  retry: "M13 3v3.5H9.5M12.7 6.3A5.2 5.2 0 1 0 13 9",
  forgive: "M8 13.5S2.5 10 2.5 6.2A2.9 2.9 0 0 1 8 4.9a2.9 2.9 0 0 1 5.5 1.3C13.5 10 8 13.5 8 13.5z",
  reEnable: "M8 2v6M4.6 4.4a5.2 5.2 0 1 0 6.8 0",
  disable: "M8 2.2a5.8 5.8 0 1 1 0 11.6A5.8 5.8 0 0 1 8 2.2zM4 4l8 8",
  markDone: "M3 8.6l3.4 3.4L13 4.6",
  cancel: "M4 4l8 8M12 4l-8 8",
  rerun: "M3.5 3.5v9l6-4.5zM12.5 3.5v9",
  graph: "M3 4.5h3v3H3zM10 2.5h3v3h-3zM10 10.5h3v3h-3zM6 6h2.5V4H10M8.5 6v6H10",
  pause: "M5.5 3v10M10.5 3v10",
  play: "M5 3l8 5-8 5z",
  drain: "M3 4h10M4.5 7.5h7M6.5 11h3",
  search: "M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.4 10.4l3.1 3.1",
  close: "M4 4l8 8M12 4l-8 8",
  up: "M4 10l4-4 4 4",
  down: "M4 6l4 4 4-4",
  left: "M10 4l-4 4 4 4",
  right: "M6 4l4 4-4 4",
  plus: "M8 3v10M3 8h10",
  minus: "M3 8h10",
  fit: "M3 6V3h3M10 3h3v3M13 10v3h-3M6 13H3v-3",
  copy: "M6 6h7v7H6zM3 10V3h7",
  link: "M9.5 3H13v3.5M13 3L7.5 8.5M11 9v4H3V5h4",
  sun: "M8 5.2a2.8 2.8 0 1 1 0 5.6 2.8 2.8 0 0 1 0-5.6zM8 1.5v1M8 13.5v1M1.5 8h1M13.5 8h1M3.4 3.4l.7.7M11.9 11.9l.7.7M12.6 3.4l-.7.7M4.1 11.9l-.7.7",
  moon: "M13 9.6A5.4 5.4 0 0 1 6.4 3 5.4 5.4 0 1 0 13 9.6z",
  leave: "M9.5 5V3h-7v10h7v-2M6 8h8M11.5 5.5L14 8l-2.5 2.5",
} as const;

export type IconName = keyof typeof PATHS;

/** Says nothing by itself: what it stands for is written beside it or in the label of its button. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path
        d={PATHS[name]}
        fill="none"
        stroke="currentColor"
        stroke-width="1.6"
        stroke-linecap="round"
        stroke-linejoin="round"
      />
    </svg>
  );
}
