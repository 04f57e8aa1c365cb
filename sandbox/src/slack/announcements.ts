/** Tells those who watch (the page) that something changed. */
export interface Announcements {
  announce(what: Change): void;
  /** Calls back at each change until the returned function is called. */
  watch(listener: (what: Change) => void): () => void;
}

export interface Change {
  readonly changed: 'messages' | 'views' | 'workspace' | 'log';
  /** A channel, or a user for views. */
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
  };
}
