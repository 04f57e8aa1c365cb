import { type KubeConfig, Watch } from '@kubernetes/client-node';
import { z } from 'zod';

/** What is followed: a list in pages, and the same path watched. */
export interface Followed<Item> {
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  list(continuation: string | undefined): Promise<ListPage>;
  /** Throws for what has not the shape of the kind. */
  read(object: unknown): Item;
  readonly store: Store<Item>;
}

/** What holds the objects that are followed; one event is one call. */
export interface Store<Item> {
  /** These are all there are. */
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

export interface Follower {
  /** The cluster that the store shows; undefined until everything was listed once. A restart keeps what it holds. */
  clusterUid(): string | undefined;
  /** Milliseconds since the last sign of life of the API server. */
  ageMs(): number;
  stop(): void;
}

interface Options {
  readonly kubeConfig: KubeConfig;
  /** Which cluster answers now; throws when it cannot be told. */
  clusterUid(): Promise<string>;
  onMove(): void;
  onError(error: unknown): void;
}

// The server ends each watch itself after this time, which is a sign of life; the library takes 30 s of silence for a
// dead connection.
const WATCH_SECONDS = 20;
const FIRST_BACKOFF_MS = 200;
const MAX_BACKOFF_MS = 10_000;

/** Keeps a store as one kind of object is: lists, watches from there, and begins again by itself whatever happens. */
export function follow<Item>(followed: Followed<Item>, options: Options): Follower {
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
      const page = await followed.list(continuation);
      for (const object of page.items) items.push(followed.read(object));
      version = page.metadata?.resourceVersion ?? '';
      continuation = page.metadata?.continue || undefined;
    } while (continuation !== undefined && !stopped);
    followed.store.replace(items);
    listedOf = clusterUid;
    alive();
    options.onMove();
    return version;
  }

  /** Ends with the version to go on from, or rejects where only a new list helps. */
  async function watch(from: string): Promise<string> {
    if ((await options.clusterUid()) !== listedOf)
      throw new Error(
        `the API server now belongs to a different cluster than when ${followed.path} was listed`,
      );
    let version = from;
    let broken: unknown;
    const watcher = new Watch(options.kubeConfig);
    const query = {
      ...followed.query,
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
      watcher.watch(followed.path, query, take, done).then((controller) => {
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
      throw new Error(`the watch of ${followed.path} ended: ${JSON.stringify(object).slice(0, 200)}`);
    const { metadata } = envelopeSchema.parse(object);
    if (type === 'BOOKMARK') return metadata.resourceVersion;
    if (type === 'DELETED') followed.store.remove(metadata);
    else followed.store.put(followed.read(object));
    options.onMove();
    return metadata.resourceVersion;
  }

  async function run(): Promise<void> {
    let backoffMs = FIRST_BACKOFF_MS;
    while (!stopped) {
      try {
        let version = await list();
        backoffMs = FIRST_BACKOFF_MS;
        while (!stopped) {
          const startedAtMs = Date.now();
          version = await watch(version);
          // A server that ends every watch at once must not be asked in a circle.
          if (Date.now() - startedAtMs < 1_000) await pause(FIRST_BACKOFF_MS);
        }
      } catch (error) {
        if (stopped) return;
        options.onError(error);
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
