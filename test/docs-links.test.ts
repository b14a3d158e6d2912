import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import { pagesBelow, root } from "./support/pages.ts";

const pages = [
  "README.md",
  "CONTRIBUTING.md",
  ...["docs", "packages", "examples", "bench"].flatMap(pagesBelow),
];

/** The text of a page without its code. */
function proseOf(page: string): string {
  const text = readFileSync(join(root, page), "utf8");
  return text
    .replaceAll(/^```[\s\S]*?^```$/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]()]/g, " "));
}

function linksOf(page: string): string[] {
  const links = Array.from(proseOf(page).matchAll(/\]\(([^)\s]+)\)/g), (match) => match[1] as string);
  return links.filter((link) => !/^[a-z]+:/.test(link));
}

/** Names of the places in a page that a link can lead to, as GitHub and VitePress make them of headings. */
function anchorsOf(page: string): Set<string> {
  const text = readFileSync(join(root, page), "utf8").replaceAll(/^```[\s\S]*?^```$/gm, "");
  const headings = Array.from(text.matchAll(/^#+ (.*)$/gm), (match) => match[1] as string);
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** What is wrong with a link, or nothing. */
function faultOf(page: string, link: string): string | undefined {
  const [path = "", anchor] = decodeURIComponent(link).split("#");
  const target = path === "" ? page : relative(root, join(root, dirname(page), path));
  if (target.startsWith("..")) return `${link} leads out of the repository`;
  if (!existsSync(join(root, target))) return `${link} leads to ${target}, which is not there`;
  if (anchor === undefined || !statSync(join(root, target)).isFile()) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : `${target} has no heading for #${anchor}`;
}

describe("the links of", () => {
  it.each(pages)("%s lead to something", (page) => {
    expect(linksOf(page).flatMap((link) => faultOf(page, link) ?? [])).toEqual([]);
  });

  it("all pages are found", () => {
    expect(pages.flatMap(linksOf).length).toBeGreaterThan(60);
  });

  it("a page are at fault when nothing is where they lead", () => {
    expect(faultOf("docs/start.md", "nowhere.md")).toContain("is not there");
    expect(faultOf("docs/start.md", "concepts.md#nowhere")).toContain("no heading");
    expect(faultOf("docs/start.md", "../../elsewhere")).toContain("out of the repository");
  });
});

it("every page of docs is in the site's sidebar", () => {
  const config = readFileSync(join(root, "docs/.vitepress/config.mts"), "utf8");
  const names = pagesBelow("docs").map((page) => page.slice("docs/".length, -".md".length));
  const listed = names.filter((name) => config.includes(`"${name.replace("design/", "")}"`));
  expect(
    names.filter((name) => !listed.includes(name) && !["index", "design/README"].includes(name)),
  ).toEqual([]);
});
