/** What the script tag says: `<script src="…/widget.js" data-site="KEY" async></script>`. */
export interface Settings {
  /** Where the script came from, which is where the chat is. */
  readonly house: string;
  readonly site: string;
  readonly opensAtOnce: boolean;
  readonly hasLauncher: boolean;
}

/** How the chat looks on the site, as its managers set it; `data-*` attributes come before it. */
export interface Theme {
  readonly colour: string;
  readonly title: string;
  readonly position: "left" | "right";
  readonly greeting: string;
}

const COLOUR = /^#[0-9a-f]{6}$/i;

export function settingsOf(script: HTMLScriptElement): Settings | null {
  const site = script.getAttribute("data-site") || "";
  if (!/^[a-z0-9-]{3,40}$/.test(site) || script.src === "") return null;
  return {
    house: originOf(script.src),
    site,
    opensAtOnce: script.getAttribute("data-open") === "true",
    hasLauncher: script.getAttribute("data-launcher") !== "none",
  };
}

/** The theme the server tells, and what the tag wants otherwise; nonsense leaves the default. */
export function themeOf(told: unknown, script: HTMLScriptElement): Theme {
  const fields = (typeof told === "object" && told !== null ? told : {}) as Record<string, unknown>;
  const wanted = (name: string): string => script.getAttribute(`data-${name}`) || textOf(fields[name]);
  const colour = wanted("colour");
  return {
    colour: COLOUR.test(colour) ? colour : "#0b6b66",
    title: wanted("title") || "在线客服",
    position: wanted("position") === "left" ? "left" : "right",
    greeting: wanted("greeting"),
  };
}

/** `https://host:port` of an address. */
export function originOf(address: string): string {
  const anchor = document.createElement("a");
  anchor.href = address;
  const usual = anchor.protocol === "https:" ? "443" : "80";
  const port = anchor.port === "" || anchor.port === usual ? "" : `:${anchor.port}`;
  return `${anchor.protocol}//${anchor.hostname}${port}`;
}

function textOf(raw: unknown): string {
  return typeof raw === "string" ? raw : "";
}
