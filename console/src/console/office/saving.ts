/** Let the browser keep something under a name. */
export function save(content: Blob | string, name: string, type = "application/octet-stream"): void {
  const blob = typeof content === "string" ? new Blob([content], { type }) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Show a paper in a tab of its own. */
export function show(content: Blob): void {
  const address = URL.createObjectURL(content);
  window.open(address, "_blank", "noopener");
  setTimeout(() => { URL.revokeObjectURL(address); }, 60_000);
}

/** A key that makes a repeated request the same one. */
export function onceKey(): string {
  return crypto.randomUUID();
}
