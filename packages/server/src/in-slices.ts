/** Others get their turn after this time. */
const SLICE_MS = 3;

/** The items that are wanted, with pauses in which others get their turn. */
export async function* inSlices<T>(
  items: Iterable<T>,
  isWanted: (item: T) => boolean = () => true,
): AsyncGenerator<T, void, void> {
  let start = performance.now();
  let count = 0;
  for (const item of items) {
    if (isWanted(item)) yield item;
    count += 1;
    if (count % 100 !== 0 || performance.now() - start < SLICE_MS) continue;
    await new Promise((resolve) => setImmediate(resolve));
    start = performance.now();
  }
}
