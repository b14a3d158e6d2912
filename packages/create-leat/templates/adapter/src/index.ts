export { ExampleClient, type ExampleObject } from "./client.ts";
export { ExampleFileSystem } from "./file-system.ts";
export { newExamplePlugin } from "./plugin.ts";
export { ExampleTarget } from "./target.ts";
