import { type KubeConfig, Watch } from '@kubernetes/client-node';
import { z } from 'zod';

/** What to list and watch: a paginated list, and the same path watched. */
export interface ListWatch<Item> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  list(continuation: string | undefined): Promise<ListPage>;
  /** Throws for objects that do not have the shape of the kind. */
  read(object: unknown): Item;
  readonly store: ReflectorStore<Item>;
}

/** Holds the listed and watched objects; one call per event. */
export interface ReflectorStore<Item> {
  /** Replaces all objects by these. */
  replace(items: readonly Item[]): void;
  put(item: Item): void;
  remove(object: { readonly namespace: string; readonly name: string }): void;
}

export interface ListPage {
  readonly items: readonly unknown[];
  readonly metadata?:
    | { readonly resourceVersion?: string | undefined; readonly continue?: string | undefined }
    | undefined;
}

export interface Reflector {
  /** The cluster that the store shows; undefined until the first complete list. A restart keeps the objects. */
  clusterUid(): string | undefined;
  /** Milliseconds since the last message of the API server. */
  ageMs(): number;
  stop(): void;
}

interface Options {
  readonly kubeConfig: KubeConfig;
  /** Uid of the cluster that answers now; throws when it cannot be read. */
  clusterUid(): Promise<string>;
  onChange(): void;
  onError(error: unknown): void;
}

// The server ends each watch itself after this time, which also shows that it is alive; the library treats 30 s of silence as a
// dead connection.
const WATCH_SECONDS = 20;
/** A watch that ends sooner has failed, whatever its end says. */
const SHORT_WATCH_MS = 1_000;
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;

/** Keeps a store in sync with one kind of object: lists, watches from there, and restarts after any error. */
export function reflect<Item>(source: ListWatch<Item>, options: Options): Reflector {
  let listedOf: string | undefined;
  let aliveAtMs = Date.now();
  let stopped = false;
  let abort: AbortController | undefined;
  let wake: (() => void) | undefined;

  const alive = (): void => {
    aliveAtMs = Date.now();
  };

  async function list(): Promise<string> {
    const clusterUid = await options.clusterUid();
    const items: Item[] = [];
    let version = '';
    let continuation: string | undefined;
    do {
      const page = await source.list(continuation);
      for (const object of page.items) items.push(source.read(object));
      version = page.metadata?.resourceVersion ?? '';
      continuation = page.metadata?.continue || undefined;
    } while (continuation !== undefined && !stopped);
    source.store.replace(items);
    listedOf = clusterUid;
    alive();
    options.onChange();
    return version;
  }

  /** Ends with the version to continue from, or rejects where only a new list helps. */
  async function watch(from: string): Promise<string> {
    if ((await options.clusterUid()) !== listedOf)
      throw new Error(
        `the API server now belongs to a different cluster than when ${source.path} was listed`,
      );
    let version = from;
    let broken: unknown;
    const watcher = new Watch(options.kubeConfig);
    const query = {
      ...source.query,
      resourceVersion: from,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(WATCH_SECONDS),
    };
    const ended = new Promise<void>((resolve, reject) => {
      const take = (type: string, object: unknown): void => {
        alive();
        if (broken !== undefined) return;
        try {
          version = apply(type, object) ?? version;
        } catch (error) {
          broken = error;
          abort?.abort();
        }
      };
      const done = (error: unknown): void => (error ? reject(error) : resolve());
      watcher.watch(source.path, query, take, done).then((controller) => {
        abort = controller;
        if (stopped) controller.abort();
      }, reject);
    });
    try {
      await ended;
    } catch (error) {
      throw broken ?? error;
    }
    if (broken !== undefined) throw broken;
    alive();
    return version;
  }

  function apply(type: string, object: unknown): string | undefined {
    if (type === 'ERROR')
      throw new Error(`the watch of ${source.path} ended: ${JSON.stringify(object).slice(0, 200)}`);
    const { metadata } = envelopeSchema.parse(object);
    if (type === 'BOOKMARK') return metadata.resourceVersion;
    if (type === 'DELETED') source.store.remove(metadata);
    else source.store.put(source.read(object));
    options.onChange();
    return metadata.resourceVersion;
  }

  async function run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!stopped) {
      let startedAtMs: number | undefined;
      const isShort = (): boolean => Date.now() - (startedAtMs ?? Date.now()) < SHORT_WATCH_MS;
      try {
        let version = await list();
        while (!stopped) {
          startedAtMs = Date.now();
          version = await watch(version);
          // A server that ends every watch at once must not be called in a tight loop.
          if (isShort()) await pause(FIRST_BACKOFF_MS);
        }
      } catch (error) {
        if (stopped) return;
        options.onError(error);
        // Where no watch lasts, as without the right to watch, a list of everything follows each of them.
        if (!isShort()) backoffMs = FIRST_BACKOFF_MS;
        await pause(backoffMs * (0.5 + Math.random() / 2));
        backoffMs = Math.min(backoffMs * 2, MAX_BACKOFF_MS);
      }
    }
  }

  function pause(ms: number): Promise<void> {
    if (stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  void run();
  return {
    clusterUid: () => listedOf,
    ageMs: () => Date.now() - aliveAtMs,
    stop() {
      stopped = true;
      abort?.abort();
      wake?.();
    },
  };
}

const envelopeSchema = z.object({
  metadata: z.object({
    name: z.string().default(''),
    namespace: z.string().default(''),
    resourceVersion: z.string(),
  }),
});
