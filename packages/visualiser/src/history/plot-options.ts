import type uPlot from "uplot";
import { formatDuration, formatTime } from "../words/format.ts";

/** A scatter plot in the colours of the page. */
export function plotOptions(place: HTMLElement): uPlot.Options {
  const style = getComputedStyle(place);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  const axis = {
    stroke: colour("--ink-3"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line") },
  };
  return {
    width: place.clientWidth,
    height: 300,
    cursor: { drag: { x: true, y: false }, points: { show: false } },
    legend: { show: false },
    axes: [
      { ...axis, values: timesOf },
      { ...axis, size: 88, values: (_, splits) => splits.map((seconds) => formatDuration(seconds * 1000)) },
    ],
    scales: { y: { range: (_, __, most) => [0, Math.max(most * 1.08, 0.01)] } },
    series: [
      {},
      {
        label: "Done",
        stroke: colour("--done"),
        paths: () => null,
        points: { show: true, size: 6, fill: colour("--done") },
      },
      {
        label: "Failed",
        stroke: colour("--failed"),
        paths: () => null,
        points: { show: true, size: 11, width: 2, fill: colour("--paper") },
      },
    ],
  };
}

const DAY_SECONDS = 86_400;

/** Days where the marks are days apart, else times of the day; the first of them with its day. */
function timesOf(
  _: uPlot,
  splits: readonly number[],
  __: number,
  ___: number,
  stepSeconds: number,
): string[] {
  return splits.map((seconds, index) => {
    const [day = "", time = ""] = formatTime(seconds * 1000).split(" ");
    if (stepSeconds >= DAY_SECONDS) return day.slice(5);
    return index === 0 ? `${time.slice(0, 5)}\n${day}` : time.slice(0, 5);
  });
}
