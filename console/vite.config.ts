import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { defineConfig } from "vitest/config";

const api = `http://127.0.0.1:${process.env.PORT ?? "8000"}`;

/** One entry a page: `chat/index.html` becomes `dist/chat/index.html` with `dist/chat/assets/*`. */
export default defineConfig({
  plugins: [vue({ features: { optionsAPI: false } })],
  build: {
    target: ["es2020", "chrome87", "safari14"],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      input: { chat: fileURLToPath(new URL("chat/index.html", import.meta.url)) },
      output: {
        entryFileNames: "[name]/assets/[name]-[hash].js",
        chunkFileNames: "chat/assets/[name]-[hash].js",
        assetFileNames: "chat/assets/[name]-[hash][extname]",
      },
    },
  },
  server: { proxy: { "/socket.io": { target: api, ws: true } } },
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
