const SHARDS = 256;

/**
 * An immutable map by text. A changed copy shares every shard that no changed key falls into, so that changing one entry
 * costs about the same among ten entries and among ten thousand, and who holds an older copy still sees what it held.
 */
export class PersistentMap<Value> {
  readonly size: number;
  private readonly shards: readonly ReadonlyMap<string, Value>[];
  /** Shared by copies that have the same keys, so that they are sorted once. */
  private readonly order: { keys?: readonly string[] };

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
    return this.shards[shardOf(key)]?.has(key) ?? false;
  }

  /** In their order; sorted when first asked for. */
  keys(): readonly string[] {
    this.order.keys ??= this.shards.flatMap((shard) => [...shard.keys()]).sort();
    return this.order.keys;
  }

  /** In the order of their keys. */
  values(): readonly Value[] {
    return this.keys().flatMap((key) => this.get(key) ?? []);
  }

  /** A copy in which each of these keys has this value, or is not there where the value is undefined. */
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

/** One item that joins or leaves a group. */
export interface GroupEntry<Item> {
  readonly group: string;
  readonly id: string;
  readonly item: Item;
}

/** A copy in which `left` are out of their groups and `joined` are in theirs. Groups stand in the order of ids. */
export function regroup<Item>(
  groups: PersistentMap<ReadonlyMap<string, Item>>,
  left: readonly GroupEntry<Item>[],
  joined: readonly GroupEntry<Item>[],
): PersistentMap<ReadonlyMap<string, Item>> {
  const touched = new Map<string, Map<string, Item>>();
  const open = (group: string): Map<string, Item> => {
    const found = touched.get(group) ?? new Map(groups.get(group));
    touched.set(group, found);
    return found;
  };
  for (const { group, id } of left) open(group).delete(id);
  for (const { group, id, item } of joined) open(group).set(id, item);
  return groups.with(
    [...touched].map(([group, items]) => [group, items.size === 0 ? undefined : sorted(items)] as const),
  );
}

function sorted<Item>(items: Map<string, Item>): ReadonlyMap<string, Item> {
  return items.size < 2 ? items : new Map([...items].sort(([one], [other]) => (one < other ? -1 : 1)));
}

/** FNV-1a over the characters. */
function shardOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < key.length; at += 1) hash = Math.imul(hash ^ key.charCodeAt(at), 0x01000193);
  return ((hash >>> 8) ^ hash) & (SHARDS - 1);
}
