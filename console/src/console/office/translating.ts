import { i18n } from "../i18n";
import { EDITOR_WORDS } from "../words/editors";

type Replacements = Readonly<Record<string, string>>;

/** An editor's words in the language of the page, with its blanks filled in. */
export function translated(template: string, replacements: Replacements = {}): string {
  const words = i18n.global.locale.value === "zh" ? (EDITOR_WORDS[template] ?? template) : template;
  return words.replace(/\{([^}]+)\}/g, (blank, name: string) => replacements[name] ?? blank);
}

/** The module by which bpmn-js and dmn-js find their words. */
export const translating = { translate: ["value", translated] as [string, typeof translated] };
