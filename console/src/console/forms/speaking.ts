import { i18n } from "../i18n";
import { FORM_EDITOR_WORDS } from "../words/formEditor";

const SPOKEN = ["placeholder", "title", "aria-label"] as const;
/** What somebody writes is theirs, whatever it says. */
const WRITTEN = "input, textarea, .cm-editor, .fjs-form-field";
/** Names of deeds that hold the name of a component. */
const DEEDS: readonly (readonly [RegExp, string])[] = [[/^Remove (.+)$/, "删除"], [/^Create an? (.+) element$/, "加"]];

/** What the editor says in the language of the page; null where that is what it says already. */
export function spoken(english: string): string | null {
  const said = english.trim();
  if (said === "" || i18n.global.locale.value !== "zh") return null;
  const words = FORM_EDITOR_WORDS[said] ?? deed(said);
  return words === undefined || words === said ? null : english.replace(said, words);
}

function deed(said: string): string | undefined {
  for (const [pattern, verb] of DEEDS) {
    const component = pattern.exec(said)?.[1];
    if (component !== undefined) return `${verb}${FORM_EDITOR_WORDS[component] ?? component}`;
  }
  return undefined;
}

/** form-js has no words to choose from, so what it draws is put into the page's language as it appears. */
export function speakIn(container: HTMLElement): () => void {
  const watching = new MutationObserver((changes) => {
    for (const { target, addedNodes, type } of changes) {
      if (type === "childList") addedNodes.forEach(translate);
      else translate(target);
    }
  });
  translate(container);
  watching.observe(container, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: [...SPOKEN] });
  return () => { watching.disconnect(); };
}

function translate(node: Node): void {
  if (node instanceof Text) {
    const words = node.parentElement?.closest(WRITTEN) == null ? spoken(node.data) : null;
    if (words !== null) node.data = words;
    return;
  }
  if (!(node instanceof Element)) return;
  for (const name of SPOKEN) {
    const words = spoken(node.getAttribute(name) ?? "");
    if (words !== null) node.setAttribute(name, words);
  }
  node.childNodes.forEach(translate);
}
