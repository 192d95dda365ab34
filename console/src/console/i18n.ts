import { createI18n } from "vue-i18n";

import zh from "./words/zh";

export type Words = typeof zh;

const KEY = "yiwen.console.locale";

/** Chinese comes with the page; English is fetched when somebody asks for it. */
export const i18n = createI18n({
  legacy: false,
  locale: "zh",
  fallbackLocale: "zh",
  messages: { zh } as Record<string, Words>,
});

export type Locale = "zh" | "en";

export async function speak(locale: Locale): Promise<void> {
  if (locale === "en") i18n.global.setLocaleMessage("en", (await import("./words/en")).default);
  i18n.global.locale.value = locale;
  document.documentElement.lang = locale === "zh" ? "zh-CN" : "en";
  localStorage.setItem(KEY, locale);
}

export function spokenBefore(): Locale {
  return localStorage.getItem(KEY) === "en" ? "en" : "zh";
}
