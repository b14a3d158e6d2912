import { defineConfig } from "vite";

export default defineConfig({
  // leatd may be reached below a path of a proxy.
  base: "./",
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 300,
  },
  worker: { format: "es" },
});
