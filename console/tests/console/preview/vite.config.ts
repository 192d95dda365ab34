import { fileURLToPath } from "node:url";

import vue from "@vitejs/plugin-vue";
import { ElementPlusResolver } from "unplugin-vue-components/resolvers";
import components from "unplugin-vue-components/vite";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The console against a house in memory, to look at: `npx vite build -c tests/console/preview/vite.config.ts`. */
export default defineConfig({
  root: here("."),
  base: "/console/",
  plugins: [vue(), components({ dts: false, dirs: [], resolvers: [ElementPlusResolver({ importStyle: "css" })] })],
  resolve: { alias: { "@": here("../../../src"), "socket.io-client": here("../fakes/socketIo.ts") } },
  build: { outDir: here("../../../dist/preview"), emptyOutDir: true, target: "es2022", assetsInlineLimit: 0 },
});
