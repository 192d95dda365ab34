import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import components from "unplugin-vue-components/vite";
import type { UserConfig } from "vite";
import { defineConfig } from "vitest/config";

const api = `http://127.0.0.1:${process.env.PORT ?? "8000"}`;
const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Customers' phones may be old; our own people's browsers are not. */
const TARGETS: Record<string, string[]> = {
  chat: ["es2020", "chrome87", "safari14"],
  console: ["es2022", "chrome100", "safari15"],
  /** The script runs in whatever browser a site's customers have, WeChat's own among them. */
  widget: ["es2015"],
};

/** `vite build --mode chat` makes `dist/chat` of `chat/index.html`, served at `/chat`. */
export default defineConfig(({ mode }) => {
  if (mode === "widget") return widget();
  const page = mode in TARGETS ? mode : "console";
  const build: UserConfig["build"] = {
    target: TARGETS[page] ?? [],
    outDir: here(`dist/${page}`),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  };
  return {
    root: mode === "test" ? here(".") : here(page),
    base: `/${page}/`,
    plugins: [
      vue({ features: { optionsAPI: page === "console" } }),
      components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: mode === "test" ? false : "css" })] }),
    ],
    resolve: { alias: { "@": here("src") } },
    build,
    server: { proxy: { "/api": api, "/socket.io": { target: api, ws: true } } },
    test: { include: ["tests/**/*.test.ts"], environment: "node", server: { deps: { inline: ["element-plus"] } } },
  };
});

/** `vite build --mode widget` makes `dist/widget/widget.js`, one file that sites embed. */
function widget(): UserConfig {
  return {
    root: here("."),
    publicDir: false,
    build: {
      target: TARGETS.widget ?? [],
      outDir: here("dist/widget"),
      emptyOutDir: true,
      lib: { entry: here("src/widget/main.ts"), formats: ["iife"], name: "YiwenWidget", fileName: () => "widget.js" },
    },
  };
}
