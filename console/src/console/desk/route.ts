import type { Parcel } from "./types";

type Event = Parcel["events"][number];

/** A city on the parcel's way. */
export interface Station {
  readonly city: string;
  readonly from: string;
  readonly to: string;
  readonly isCurrent: boolean;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The cities a parcel came through, the first one first; a stay in one city is one station. */
export function stationsOf(events: readonly Event[]): readonly Station[] {
  const oldestFirst = [...events].sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  const stations: Station[] = [];
  for (const { city, at } of oldestFirst) {
    if (city === null || city === "") continue;
    const last = stations.at(-1);
    if (last?.city === city) stations[stations.length - 1] = { ...last, to: at };
    else stations.push({ city, from: at, to: at, isCurrent: false });
  }
  return stations.map((station, index) => ({ ...station, isCurrent: index === stations.length - 1 }));
}

/** Where the stations stand: rows of so many, to and fro, like a road over hills. */
export function pointsOf(count: number, perRow: number, width: number, rowHeight: number): readonly Point[] {
  const gap = width / perRow;
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / perRow);
    const column = row % 2 === 0 ? index % perRow : perRow - 1 - (index % perRow);
    return { x: gap * (column + 0.5), y: rowHeight * (row + 0.5) };
  });
}

/** The road through the points. */
export function pathOf(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (before === undefined) return `M${x} ${y}`;
      if (before.y === y) return `C${(before.x + x) / 2} ${y - 8} ${(before.x + x) / 2} ${y + 8} ${x} ${y}`;
      const out = x > before.x || (x === before.x && index % 2 === 0) ? 34 : -34;
      return `C${before.x - out} ${before.y} ${x - out} ${y} ${x} ${y}`;
    })
    .join("");
}
