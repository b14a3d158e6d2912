/** A queue. `Array.shift` moves all that is left, which takes long with a hundred thousand waiting. */
export class Fifo<T> {
  #items: T[] = [];
  #next = 0;

  push(item: T): void {
    this.#items.push(item);
  }

  peek(): T | undefined {
    return this.#items[this.#next];
  }

  /** Takes the first item away. */
  drop(): void {
    if (++this.#next < this.#items.length) return;
    this.#items = [];
    this.#next = 0;
  }

  clear(): void {
    this.#items = [];
    this.#next = 0;
  }
}
