/** Pools of connections, one for each distinct connection in a process. */
export class PoolCache<Settings extends object, Pool> {
  readonly #open: (settings: Settings) => Pool;
  /** By settings as text. The text has the password in it, as the pool itself has. */
  readonly #byText = new Map<string, Pool>();
  /** By settings that have functions or other objects in them, which no text can stand for. */
  readonly #byObject = new WeakMap<Settings, Pool>();

  constructor(open: (settings: Settings) => Pool) {
    this.#open = open;
  }

  /** The pool for these settings; the first who asks makes it. */
  get(settings: Settings): Pool {
    const text = connectionKey(settings);
    const known = text === undefined ? this.#byObject.get(settings) : this.#byText.get(text);
    if (known !== undefined) return known;
    const pool = this.#open(settings);
    if (text === undefined) this.#byObject.set(settings, pool);
    else this.#byText.set(text, pool);
    return pool;
  }
}

/** Settings as text, the same for the same settings in any order. `undefined` when no text can stand for them. */
function connectionKey(settings: object): string | undefined {
  let isPlain = true;
  const text = JSON.stringify(settings, (_key, value: unknown) => {
    if (typeof value === "function" || typeof value === "symbol") isPlain = false;
    return isPlain && isPlainObject(value) ? sortKeys(value) : value;
  });
  return isPlain ? text : undefined;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function sortKeys(value: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
