/** Binary heap whose smallest item, as `before` says, is on top. A subclass gives the order. */
export abstract class Heap<T> {
  protected readonly items: T[] = [];

  protected abstract before(a: T, b: T): boolean;

  /** Tells that the item now is at this index, for heaps that remove from the middle. */
  protected moved?(item: T, index: number): void;

  get size(): number {
    return this.items.length;
  }

  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    this.items.push(item);
    this.siftUp(this.items.length - 1);
  }

  pop(): T | undefined {
    const top = this.items[0];
    if (top !== undefined) this.removeAt(0);
    return top;
  }

  protected removeAt(index: number): void {
    const last = this.items.pop() as T;
    if (index === this.items.length) return;
    this.items[index] = last;
    this.reposition(index);
  }

  /** Moves the item at this index to where it belongs. */
  protected reposition(index: number): void {
    if (this.siftUp(index) === index) this.siftDown(index);
  }

  protected siftUp(from: number): number {
    const { items } = this;
    const item = items[from] as T;
    let index = from;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!this.before(item, items[parent] as T)) break;
      this.place(items[parent] as T, index);
      index = parent;
    }
    this.place(item, index);
    return index;
  }

  private siftDown(from: number): void {
    const { items } = this;
    const item = items[from] as T;
    let index = from;
    for (;;) {
      const child = this.smallerChild(index);
      if (child >= items.length || !this.before(items[child] as T, item)) break;
      this.place(items[child] as T, index);
      index = child;
    }
    this.place(item, index);
  }

  private smallerChild(index: number): number {
    const left = 2 * index + 1;
    const right = left + 1;
    if (right >= this.items.length) return left;
    return this.before(this.items[right] as T, this.items[left] as T) ? right : left;
  }

  private place(item: T, index: number): void {
    this.items[index] = item;
    this.moved?.(item, index);
  }
}
