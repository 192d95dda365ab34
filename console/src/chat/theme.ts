const COLOUR = /^#[0-9a-f]{6}$/i;
const LIGHT_INK = "#ffffff";
const DARK_INK = "#10181b";
const READABLE = 4.5;

/** The style that a site's colour stands for, in ink that can be read on it; none for what is no colour. */
export function styleOf(colour: string): string {
  if (!COLOUR.test(colour)) return "";
  const ink = inkOn(colour);
  const filled = `--yw-fill:${colour};--yw-on-fill:${ink};--yw-customer:${colour};--yw-on-customer:${ink}`;
  return `:root{${filled}}${inkStyle(colour)}`;
}

/** White or nearly black, whichever stands out more. */
export function inkOn(colour: string): string {
  return contrast(colour, LIGHT_INK) >= contrast(colour, DARK_INK) ? LIGHT_INK : DARK_INK;
}

/** Words are written in the colour only where it can be read on a light ground. */
function inkStyle(colour: string): string {
  if (contrast(colour, LIGHT_INK) < READABLE) return "";
  const [red, green, blue] = channels(colour);
  const soft = `--yw-brand-soft:rgba(${red},${green},${blue},0.08)`;
  return `@media (prefers-color-scheme:light){:root{--yw-brand:${colour};--yw-on-brand-soft:${colour};${soft}}}`;
}

/** The contrast of two colours, from 1 to 21 (WCAG 2.2). */
function contrast(one: string, other: string): number {
  const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const [red, green, blue] = channels(colour).map((channel) => linear(channel / 255)) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function channels(colour: string): [number, number, number] {
  const at = (from: number): number => parseInt(colour.slice(from, from + 2), 16);
  return [at(1), at(3), at(5)];
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
