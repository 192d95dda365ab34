/** Where to go after signing in: a page of ours, never somebody else's address. */
export function goalOf(wanted: unknown): string {
  if (typeof wanted !== "string" || !/^\/(?![/\\])/.test(wanted)) return "/";
  return wanted.startsWith("/sign-in") ? "/" : wanted;
}

/** `Chrome · Windows` of what a browser calls itself; its own words where they are unknown. */
export function browserOf(agent: string): string {
  const found = (known: readonly (readonly [RegExp, string])[]): string | undefined =>
    known.find(([sign]) => sign.test(agent))?.[1];
  const parts = [found(BROWSERS), found(SYSTEMS)].filter((part) => part !== undefined);
  return parts.length > 0 ? parts.join(" · ") : agent;
}

const BROWSERS = [
  [/MicroMessenger/, "微信"], [/Edg\//, "Edge"], [/Firefox\//, "Firefox"], [/Chrome\//, "Chrome"],
  [/Safari\//, "Safari"],
] as const;
const SYSTEMS = [
  [/Windows/, "Windows"], [/iPhone/, "iPhone"], [/iPad/, "iPad"], [/Mac OS X/, "macOS"], [/Android/, "Android"],
  [/Linux/, "Linux"],
] as const;
