import { type Anchor, anchorText } from '../../src/domain/audit/anchor.ts';
import type { Lookup } from '../../src/domain/bgp/snapshot.ts';
import { refuse } from '../../src/domain/refusal.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { KeyWrite, WriteOutcome } from '../../src/ports/cluster.ts';

/** The ConfigMaps of a namespace that map nodes to peers. */
export interface MemoryLookups {
  readonly all: ReadonlyMap<string, Lookup>;
  /** Adds a lookup or changes it. */
  put(name: string, changes: Partial<Lookup>): void;
  /** Somebody writes a key, or removes it (`null`). */
  setKey(name: string, node: string, value: string | null, manager: string): void;
  remove(name: string): void;
  /** The bot's guarded write of one key. */
  write(difference: KeyWrite, anchor: Anchor): WriteOutcome;
}

/** `onMove` is called whenever a lookup is another than before. */
export function memoryLookups(clock: Clock, uidPrefix: string, onMove: () => void): MemoryLookups {
  const lookups = new Map<string, Lookup>();
  let uids = 0;

  const put: MemoryLookups['put'] = (name, changes) => {
    if (!lookups.has(name)) uids += 1;
    const fresh: Lookup = {
      name,
      uid: `${uidPrefix}-${name}-${uids}`,
      immutable: false,
      data: {},
      writers: {},
      bytes: 0,
    };
    const next = { ...fresh, ...lookups.get(name), ...changes };
    const bytes = Object.entries(next.data).reduce(
      (sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value),
      0,
    );
    lookups.set(name, { ...next, bytes });
    onMove();
  };
  const setKey: MemoryLookups['setKey'] = (name, node, value, manager) => {
    const { [node]: _, ...others } = lookups.get(name)?.data ?? {};
    const { [node]: __, ...writers } = lookups.get(name)?.writers ?? {};
    const at = new Date(clock.now()).toISOString();
    put(name, {
      data: value === null ? others : { ...others, [node]: value },
      writers: value === null ? writers : { ...writers, [node]: { manager, at } },
    });
  };

  const write: MemoryLookups['write'] = (difference, anchor) => {
    const { lookup: name, lookupUid, node, before, after, createsLookup } = difference;
    const found = lookups.get(name);
    if (found === undefined && !(createsLookup && before === null)) {
      const sentence = `The ConfigMap ${name} does not exist any more.`;
      return { kind: 'refused', refusal: refuse('lookup_missing', sentence, 'Try again in a moment.') };
    }
    if (found !== undefined && lookupUid !== undefined && found.uid !== lookupUid) {
      const sentence = `The ConfigMap ${name} was deleted and created again since the plan was made.`;
      return { kind: 'refused', refusal: refuse('mapping_moved', sentence, 'Find out who did it.') };
    }
    const actual = found?.data[node] ?? null;
    if (found !== undefined && actual === after) return { kind: 'already' };
    if (actual !== before) return { kind: 'differs', actual };
    if (found?.immutable) {
      const sentence = `The ConfigMap ${name} is immutable.`;
      return {
        kind: 'refused',
        refusal: refuse('lookup_immutable', sentence, 'It has to be created again.'),
      };
    }
    setKey(name, node, after, 'tor-bgp-bot');
    put(name, { anchor: anchorText(anchor) });
    return { kind: 'written' };
  };
  return {
    all: lookups,
    put,
    setKey,
    remove(name) {
      lookups.delete(name);
      onMove();
    },
    write,
  };
}
