import { plainText, RowError, TextRowEncoder } from "@leat/copy-to-table";
import { expect, it } from "vitest";

const encoder = (): TextRowEncoder => new TextRowEncoder([plainText, plainText]);

it("writes rows as lines with tabs, escapes and \\N for null", () => {
  const rows = encoder();
  rows.add(["a\tb\n\r\\", null]);
  rows.add(["", "\\N"]);
  rows.add([-0, 10n]);
  expect(rows.take().toString()).toBe("a\\tb\\n\\r\\\\\t\\N\n\t\\\\N\n-0\t10\n");
  expect(rows.finish()).toBeUndefined();
});

it("keeps nothing of a row that it refuses, and says which column it was", () => {
  const rows = encoder();
  rows.add(["kept", 1]);
  for (const value of [undefined, {}, "\0", "\ud83d", Symbol("x")]) {
    expect(() => rows.add(["lost", value])).toThrow(expect.objectContaining({ name: "RowError", column: 1 }));
  }
  expect(rows.finish()?.toString()).toBe("kept\t1\n");
});

it("shortens the value in its message", () => {
  const text = `${"long ".repeat(100)}\0`;
  const error = refusal(() => encoder().add([text, null]));
  expect(error.message.length).toBeLessThan(200);
  expect(error.message).toMatch(/^the text "long .*…" does not fit\. Give text without NUL characters\.$/);
});

it("is full from 128 KiB on", () => {
  const rows = encoder();
  rows.add(["x".repeat(128 * 1024 - 10), ""]);
  expect(rows.isFull).toBe(false);
  rows.add(["x".repeat(10), ""]);
  expect(rows.isFull).toBe(true);
  expect(rows.pendingBytes).toBe(rows.take().length);
  expect(rows.isFull).toBe(false);
});

function refusal(run: () => void): RowError {
  try {
    run();
  } catch (error) {
    if (error instanceof RowError) return error;
    throw error;
  }
  return expect.unreachable("it was not refused");
}
