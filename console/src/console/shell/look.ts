import { defineStore } from "pinia";

import { type Locale, speak } from "../i18n";
import { keep, kept } from "./keep";

export type Theme = "light" | "dark";

/** Light or dark, Chinese or English. */
export const useLook = defineStore("look", {
  state: () => ({ theme: firstTheme(), locale: "zh" as Locale }),
  actions: {
    wear(theme: Theme): void {
      this.theme = theme;
      document.documentElement.classList.toggle("dark", theme === "dark");
    },
    toggleTheme(): void {
      this.wear(this.theme === "dark" ? "light" : "dark");
      keep("theme", this.theme);
    },
    async speak(locale: Locale): Promise<void> {
      await speak(locale);
      this.locale = locale;
    },
  },
});

/** As chosen before, or else as the system is. */
function firstTheme(): Theme {
  const before = kept("theme");
  if (before === "light" || before === "dark") return before;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
