/** Tells those who watch (the page) that something changed. */
export interface Announcements {
  announce(what: Change): void;
  /** Calls back at each change until the returned function is called. */
  watch(listener: (what: Change) => void): () => void;
  isWatched(): boolean;
}

export interface Change {
  readonly changed: 'messages' | 'views' | 'workspace' | 'log' | 'world';
  /** A channel, or a user for views; empty for the world of racks and routers. */
  readonly id?: string;
}

export function openAnnouncements(): Announcements {
  const listeners = new Set<(what: Change) => void>();
  return {
    announce(what) {
      for (const listener of listeners) listener(what);
    },
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    isWatched: () => listeners.size > 0,
  };
}
