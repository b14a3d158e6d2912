import { describeStatements } from "./support/statements.ts";

// What Luigi's own tests say about its core.
describeStatements("luigi-compatibility.md", 292);
