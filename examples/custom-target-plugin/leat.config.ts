import { defineConfig } from "leat";
import { http } from "./http-plugin.ts";

export default defineConfig({ plugins: [http()] });
