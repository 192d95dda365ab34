import { onBeforeUnmount, onMounted, shallowReactive } from "vue";

/** A key and what it does; `combo` is `j`, `?`, `escape` or `alt+t`. With `alt` it works while writing, too. */
export interface Binding {
  readonly combo: string;
  /** A word of the page's language files. */
  readonly label: string;
  readonly group: string;
  readonly act: () => void;
}

/** Every key that does something now; the newest wins. */
export const bindings = shallowReactive<Binding[]>([]);

type Press = Pick<KeyboardEvent, "key" | "code" | "altKey" | "ctrlKey" | "metaKey" | "isComposing">;

/** `alt+t` of a press; the letter is the key's place, as Alt changes what some keyboards write. */
export function comboOf(press: Press): string | null {
  if (press.isComposing || press.ctrlKey || press.metaKey) return null;
  if (!press.altKey) return press.key.toLowerCase();
  const place = press.code.replace(/^(Key|Digit)/, "");
  return `alt+${place.toLowerCase()}`;
}

/** What a press means; plain letters mean nothing while somebody writes or a dialog is open. */
export function bindingOf(press: Press, writing: boolean, known: readonly Binding[] = bindings): Binding | null {
  const combo = comboOf(press);
  if (combo === null || (writing && !combo.startsWith("alt+"))) return null;
  return known.filter((binding) => binding.combo === combo).at(-1) ?? null;
}

export function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || dialogIsOpen()) return;
  const binding = bindingOf(event, isField(event.target));
  if (binding === null) return;
  event.preventDefault();
  binding.act();
}

/** Let keys do something while a component is there. */
export function useKeys(added: readonly Binding[]): void {
  onMounted(() => bindings.push(...added));
  onBeforeUnmount(() => {
    for (const binding of added) bindings.splice(bindings.indexOf(binding), 1);
  });
}

function isField(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function dialogIsOpen(): boolean {
  return [...document.querySelectorAll('[aria-modal="true"]')].some((dialog) => dialog.getClientRects().length > 0);
}
