export { createFromTemplate, type CreateOptions, TEMPLATES, type TemplateName } from "./create.ts";
