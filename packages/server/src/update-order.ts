/** What can be put in order. The links are the order's own. */
export interface Ordered<T> {
  older?: T | undefined;
  newer?: T | undefined;
}

/** Items in the order of their last change. A change costs the same however many there are. */
export class UpdateOrder<T extends Ordered<T>> {
  #oldest: T | undefined;
  #newest: T | undefined;

  /** Makes it the newest. It must not be in the order. */
  append(item: T): void {
    item.older = this.#newest;
    if (this.#newest === undefined) this.#oldest = item;
    else this.#newest.newer = item;
    this.#newest = item;
  }

  remove(item: T): void {
    const { older, newer } = item;
    if (older === undefined) this.#oldest = newer;
    else older.newer = newer;
    if (newer === undefined) this.#newest = older;
    else newer.older = older;
    item.older = undefined;
    item.newer = undefined;
  }

  /** All items. Nothing may change while they are gone through. */
  *items(newestFirst: boolean): Generator<T, void, void> {
    let item = newestFirst ? this.#newest : this.#oldest;
    for (; item !== undefined; item = newestFirst ? item.older : item.newer) yield item;
  }
}
