import { Heap } from "./heap.ts";

/** Something to which things happen by time alone. */
export interface Timed {
  /** Decides between equal times; the lower goes first. */
  readonly order: number;
  /** Time for which it stands in the heap; `Infinity` when it does not. */
  armedAt: number;
  /** Earliest time at which something is to happen to it; `Infinity` when nothing is. */
  dueAt(): number;
}

interface Entry<T extends Timed> {
  readonly at: number;
  readonly item: T;
}

class EntryHeap<T extends Timed> extends Heap<Entry<T>> {
  protected override before(a: Entry<T>, b: Entry<T>): boolean {
    return a.at < b.at || (a.at === b.at && a.item.order < b.item.order);
  }
}

/**
 * Things to happen, by time. Times that move later cost nothing: the item stays where it is and is looked at again
 * when the earlier time comes.
 */
export class Deadlines<T extends Timed> {
  private readonly heap = new EntryHeap<T>();

  /** Makes sure that the item is found when it is due. Call after anything that may make it due earlier. */
  arm(item: T): void {
    const at = item.dueAt();
    if (at >= item.armedAt) return;
    item.armedAt = at;
    this.heap.push({ at, item });
  }

  /** Nothing happens to the item any more. */
  disarm(item: T): void {
    item.armedAt = Infinity;
  }

  /** Time of the next thing to happen; `Infinity` when there is none. */
  next(): number {
    for (;;) {
      const top = this.heap.peek();
      if (top === undefined) return Infinity;
      if (top.at === top.item.armedAt && top.item.dueAt() <= top.at) return top.at;
      this.dropTop(top);
    }
  }

  /** Takes the next item that is due by `now`. The caller arms it again once it has done what was due. */
  takeDue(now: number): T | undefined {
    if (this.next() > now) return undefined;
    const item = (this.heap.pop() as Entry<T>).item;
    item.armedAt = Infinity;
    return item;
  }

  private dropTop(top: Entry<T>): void {
    this.heap.pop();
    if (top.at !== top.item.armedAt) return;
    top.item.armedAt = Infinity;
    this.arm(top.item);
  }
}
