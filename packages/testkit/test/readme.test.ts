import { readFile } from "node:fs/promises";
import { expect, it } from "vitest";

it("the example of the README is the one that is compiled", async () => {
  const [readme, example] = await Promise.all(
    ["../README.md", "./readme-example.ts"].map((file) => readFile(new URL(file, import.meta.url), "utf8")),
  );
  expect(readme).toContain(`\`\`\`ts\n${example}\`\`\``);
});
