// Takes the web page, which packages/visualiser has built, into this package: leatd serves it from `page/`.
import { cpSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const built = fileURLToPath(new URL("../visualiser/dist", import.meta.url));
const page = fileURLToPath(new URL("page", import.meta.url));

rmSync(page, { recursive: true, force: true });
cpSync(built, page, { recursive: true });
