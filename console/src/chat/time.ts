const WEEKDAYS = ["星期日", "星期一", "星期二", "星期三", "星期四", "星期五", "星期六"];
const DAY_MS = 24 * 60 * 60 * 1000;
// Asia/Shanghai has been UTC+8 without daylight saving since 1991.
const OFFSET_MS = 8 * 60 * 60 * 1000;

interface WallClock {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: string;
  readonly clock: string;
}

function inShanghai(moment: Date): WallClock {
  const shifted = new Date(moment.getTime() + OFFSET_MS);
  return {
    year: shifted.getUTCFullYear(),
    month: shifted.getUTCMonth() + 1,
    day: shifted.getUTCDate(),
    weekday: WEEKDAYS[shifted.getUTCDay()] ?? "",
    clock: `${pad(shifted.getUTCHours())}:${pad(shifted.getUTCMinutes())}`,
  };
}

/** `14:05` */
export function clockLabel(at: string): string {
  return inShanghai(new Date(at)).clock;
}

/** `2026-11-22`, the day in Shanghai: equal for two moments of one day, and ordered as the days are. */
export function dayKey(at: string | Date): string {
  const { year, month, day } = inShanghai(new Date(at));
  return `${year}-${pad(month)}-${pad(day)}`;
}

/** `今天`, `昨天`, `11月20日 星期五`, or with the year when it is another one. */
export function dayLabel(at: string, now: Date): string {
  const key = dayKey(at);
  if (key === dayKey(now)) return "今天";
  if (key === dayKey(new Date(now.getTime() - DAY_MS))) return "昨天";
  const wall = inShanghai(new Date(at));
  return withYear(wall, now, `${wall.month}月${wall.day}日 ${wall.weekday}`);
}

/** `11月22日 14:05`, with the year when it is another one. */
export function momentLabel(at: string, now: Date): string {
  const wall = inShanghai(new Date(at));
  return withYear(wall, now, `${wall.month}月${wall.day}日 ${wall.clock}`);
}

function withYear(wall: WallClock, now: Date, label: string): string {
  return wall.year === inShanghai(now).year ? label : `${wall.year}年${label}`;
}

function pad(number: number): string {
  return String(number).padStart(2, "0");
}
