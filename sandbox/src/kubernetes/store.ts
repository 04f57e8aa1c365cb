import type { KubernetesObject } from './kubernetes-object.ts';
import type { Resource } from './resource.ts';

export interface Change {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubernetesObject;
  /** As it was before; absent for ADDED. */
  previous: KubernetesObject | undefined;
  version: number;
}

/** Every object by key, one counter of versions, and a bounded history. What is stored is never altered. */
export interface Store {
  version(): number;
  get(resource: Resource, namespace: string, name: string): KubernetesObject | undefined;
  /** Sorted by namespace and name, as etcd keeps them; '' means every namespace. */
  list(resource: Resource, namespace: string): KubernetesObject[];
  /** Creates or replaces; the object gets the next version. */
  put(resource: Resource, object: KubernetesObject): KubernetesObject;
  remove(resource: Resource, object: KubernetesObject): KubernetesObject;
  /** What happened after `version`, or undefined when history does not reach back so far. */
  changesSince(version: number): readonly Change[] | undefined;
  /** Returns how to stop listening. */
  subscribe(listener: (change: Change) => void): () => void;
}

export function createStore(historyLimit: number): Store {
  const kinds = new Map<Resource, Map<string, KubernetesObject>>();
  const listeners = new Set<(change: Change) => void>();
  const history: Change[] = [];
  // Lists and watches of version 0 mean "anything"; a real server never hands out so small a version either.
  let version = 1;
  let oldest = version;

  const kindOf = (resource: Resource): Map<string, KubernetesObject> => {
    const known = kinds.get(resource) ?? new Map<string, KubernetesObject>();
    kinds.set(resource, known);
    return known;
  };
  const record = (change: Change): KubernetesObject => {
    history.push(change);
    if (history.length > historyLimit) oldest = history.shift()?.version ?? oldest;
    for (const listener of [...listeners]) listener(change);
    return change.object;
  };
  const stamped = (object: KubernetesObject): KubernetesObject => {
    version += 1;
    return { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } };
  };

  return {
    version: () => version,
    get: (resource, namespace, name) => kindOf(resource).get(key(namespace, name)),
    list(resource, namespace) {
      const all = [...kindOf(resource)].filter(([at]) => namespace === '' || at.startsWith(`${namespace}/`));
      return all.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
    },
    put(resource, object) {
      const at = key(object.metadata.namespace ?? '', object.metadata.name);
      const previous = kindOf(resource).get(at);
      const stored = stamped(object);
      kindOf(resource).set(at, stored);
      return record({
        type: previous === undefined ? 'ADDED' : 'MODIFIED',
        resource,
        object: stored,
        previous,
        version,
      });
    },
    remove(resource, object) {
      const at = key(object.metadata.namespace ?? '', object.metadata.name);
      const previous = kindOf(resource).get(at);
      kindOf(resource).delete(at);
      return record({ type: 'DELETED', resource, object: stamped(object), previous, version });
    },
    changesSince(since) {
      if (since < oldest || since > version) return undefined;
      return history.filter((change) => change.version > since);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

function key(namespace: string, name: string): string {
  return `${namespace}/${name}`;
}
