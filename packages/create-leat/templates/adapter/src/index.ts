export { ExampleClient, type ExampleObject } from "./client.ts";
export { ExampleFileSystem } from "./file-system.ts";
export { ExampleTarget } from "./target.ts";
