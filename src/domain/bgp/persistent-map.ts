const SHARDS = 256;

/**
 * An immutable map by text. A changed copy shares every shard that no changed key falls into, so that changing one entry costs
 * about the same among ten entries and among ten thousand, and older copies stay as they were.
 */
export class PersistentMap<Value> {
  readonly size: number;
  private readonly shards: readonly ReadonlyMap<string, Value>[];
  /** Shared by copies with the same keys, so that they are sorted once. */
  private readonly order: { keys?: readonly string[] };
  private inOrder: readonly Value[] | undefined;

  private constructor(
    shards: readonly ReadonlyMap<string, Value>[],
    size: number,
    order: { keys?: readonly string[] },
  ) {
    this.shards = shards;
    this.size = size;
    this.order = order;
  }

  static empty<Value>(): PersistentMap<Value> {
    return new PersistentMap<Value>(new Array(SHARDS).fill(new Map()), 0, { keys: [] });
  }

  get(key: string): Value | undefined {
    return this.shards[shardOf(key)]?.get(key);
  }

  has(key: string): boolean {
    return this.shards[shardOf(key)]?.has(key) === true;
  }

  /** Sorted, on first use. */
  keys(): readonly string[] {
    this.order.keys ??= this.shards.flatMap((shard) => [...shard.keys()]).sort();
    return this.order.keys;
  }

  /** In the order of their keys, which is found on first use. */
  values(): readonly Value[] {
    this.inOrder ??= this.keys().flatMap((key) => this.get(key) ?? []);
    return this.inOrder;
  }

  /** A copy in which each of these keys has this value; an undefined value removes the key. */
  with(changes: Iterable<readonly [key: string, value: Value | undefined]>): PersistentMap<Value> {
    const shards = [...this.shards];
    const copied = new Map<number, Map<string, Value>>();
    let size = this.size;
    let sameKeys = true;
    for (const [key, value] of changes) {
      const at = shardOf(key);
      const shard = copied.get(at) ?? new Map(shards[at]);
      copied.set(at, shard);
      shards[at] = shard;
      const before = shard.size;
      const had = shard.has(key);
      if (value === undefined) shard.delete(key);
      else shard.set(key, value);
      size += shard.size - before;
      if (had !== shard.has(key)) sameKeys = false;
    }
    return copied.size === 0 ? this : new PersistentMap(shards, size, sameKeys ? this.order : {});
  }
}

/** Ids by the group that they join and by the group that they leave. */
export class GroupChanges {
  readonly joined = new Map<string, string[]>();
  readonly left = new Map<string, string[]>();

  join(group: string, id: string): void {
    addTo(this.joined, group, id);
  }

  leave(group: string, id: string): void {
    addTo(this.left, group, id);
  }
}

/** A copy with ids in their groups after `changes`. The ids of a group are sorted; no group is empty. */
export function regroup(
  groups: PersistentMap<readonly string[]>,
  { joined, left }: GroupChanges,
): PersistentMap<readonly string[]> {
  const touched = left.size === 0 ? joined.keys() : new Set([...left.keys(), ...joined.keys()]);
  return groups.with(regrouped(touched));

  function* regrouped(names: Iterable<string>): Generator<readonly [string, readonly string[] | undefined]> {
    for (const group of names) {
      const ids = changedIds(groups.get(group) ?? [], left.get(group) ?? [], joined.get(group) ?? []);
      yield [group, ids.length === 0 ? undefined : ids];
    }
  }
}

function addTo(groups: Map<string, string[]>, group: string, id: string): void {
  const ids = groups.get(group);
  if (ids === undefined) groups.set(group, [id]);
  else ids.push(id);
}

function changedIds(
  held: readonly string[],
  gone: readonly string[],
  come: readonly string[],
): readonly string[] {
  if (held.length === 0 && come.length === 1) return come;
  const without = new Set(gone);
  return [...new Set([...held.filter((id) => !without.has(id)), ...come])].sort();
}

/** FNV-1a over the characters. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return ((hash >>> 8) ^ hash) & (SHARDS - 1);
}
