import { defineConfig } from "vitepress";

const PACKAGES = "/packages";
const adapter = (name: string) => ({ text: name, link: `${PACKAGES}/adapters/${name}/README` });
const contrib = (name: string) => ({ text: name, link: `${PACKAGES}/contrib/${name}/README` });
const page = (text: string, name: string) => ({ text, link: `/docs/${name}` });

export default defineConfig({
  title: "Leat",
  description: "Data pipelines in TypeScript: typed, durable, fast. It does what Luigi does.",
  // All pages of the repository, at the same paths: gathered by gather-pages.mjs.
  srcDir: ".pages",
  rewrites: { "docs/index.md": "index.md" },
  outDir: ".vitepress/dist",
  cacheDir: ".vitepress/cache",
  // Files that are no pages.
  ignoreDeadLinks: [/LICENSE$/, /leat\.toml$/],
  themeConfig: {
    search: { provider: "local" },
    nav: [page("Start", "start"), page("Concepts", "concepts"), page("Coming from Luigi", "from-luigi")],
    sidebar: [
      {
        text: "Begin",
        items: [
          page("Start", "start"),
          page("From an empty folder to two workers", "guide"),
          page("Concepts", "concepts"),
          { text: "Examples", link: "/examples/README" },
          page("Coming from Luigi", "from-luigi"),
        ],
      },
      {
        text: "Guides",
        items: [
          page("Every night", "nightly"),
          page("Loads into databases", "database-loads"),
          page("Running in production", "production"),
          page("When things go wrong", "failures"),
          page("The web page", "web-page"),
          page("Write an adapter", "write-an-adapter"),
          page("Write a parameter type", "write-a-parameter-type"),
        ],
      },
      {
        text: "Reference",
        items: [
          page("Parameters", "parameters"),
          page("Configuration", "configuration"),
          page("Command line", "command-line"),
          page("Error codes", "errors"),
          page("Luigi, statement by statement", "luigi-compatibility"),
          page("Luigi's scheduler, statement by statement", "scheduler-compatibility"),
          page("Glossary", "glossary"),
        ],
      },
      { text: "Adapters", items: ["postgres", "mysql", "redis", "s3", "sftp", "ftp"].map(adapter) },
      { text: "Task kinds", items: ["copy-to-table", "external-program", "range"].map(contrib) },
      {
        text: "Packages",
        items: ["core", "leat", "worker", "scheduler", "server", "testkit"].map((name) => ({
          text: name,
          link: `${PACKAGES}/${name}/README`,
        })),
      },
      {
        text: "Design",
        items: ["packages", "run", "scheduler", "database-loads", "file-stores"].map((name) =>
          page(name, `design/${name}`),
        ),
      },
    ],
  },
});
