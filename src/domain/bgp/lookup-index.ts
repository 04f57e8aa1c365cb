import { type AddressFamily, familyOf } from './address.ts';
import {
  firstLabel,
  impossiblePeers,
  type Mapping,
  readMapping,
  repeatedAddresses,
  type Style,
} from './mapping.ts';
import { GroupChanges, PersistentMap, regroup } from './persistent-map.ts';

/** An index over the values of one lookup, so that queries need not read all of them. */
export interface LookupIndex {
  readonly data: Readonly<Record<string, string>>;
  /** Each value, parsed, by node. */
  readonly mappings: PersistentMap<ReturnType<typeof readMapping>>;
  /** Names of the nodes that have a peer, by its canonical address. */
  readonly nodesByPeer: PersistentMap<readonly string[]>;
  /** Names of mapped nodes by their first label. */
  readonly nodesByLabel: PersistentMap<readonly string[]>;
  /** Names of the keys whose value cannot be read, with the reason. */
  readonly unreadable: PersistentMap<string>;
  /** Names of the keys whose value names no address, one twice, or one that no router can have. */
  readonly irregular: PersistentMap<true>;
  /** Number of addresses of each family. */
  readonly families: Readonly<Record<AddressFamily, number>>;
  /** Number of values in each style, by `styleKey`. */
  readonly styles: ReadonlyMap<string, StyleCount>;
}

export interface StyleCount {
  readonly style: Style;
  readonly count: number;
}

const EMPTY: LookupIndex = {
  data: {},
  mappings: PersistentMap.empty(),
  nodesByPeer: PersistentMap.empty(),
  nodesByLabel: PersistentMap.empty(),
  unreadable: PersistentMap.empty(),
  irregular: PersistentMap.empty(),
  families: { IPv4: 0, IPv6: 0 },
  styles: new Map(),
};

/** Indexes `data`. Values unchanged since `before` are not parsed again. */
export function lookupIndexOf(
  data: Readonly<Record<string, string>>,
  before: LookupIndex = EMPTY,
  changed: readonly string[] = changedKeys(before.data, data),
): LookupIndex {
  const read = new Map<string, Reading>();
  const peers = new GroupChanges();
  const labels = new GroupChanges();
  const unreadable = new Map<string, string | undefined>();
  const irregular = new Map<string, true | undefined>();
  const families = { ...before.families };
  const styles = new Map(before.styles);
  for (const node of changed) {
    const was = before.mappings.get(node);
    const value = Object.hasOwn(data, node) ? data[node] : undefined;
    const now = value === undefined ? undefined : readMapping(value);
    read.set(node, now);
    if (isIrregular(was) || isIrregular(now)) irregular.set(node, isIrregular(now) ? true : undefined);
    if (isUnreadable(was) || isUnreadable(now)) unreadable.set(node, reasonOf(now));
    if (was === undefined) labels.join(firstLabel(node), node);
    if (now === undefined) labels.leave(firstLabel(node), node);
    for (const address of peersIn(was)) {
      peers.leave(address, node);
      families[familyOf(address)] -= 1;
    }
    for (const address of peersIn(now)) {
      peers.join(address, node);
      families[familyOf(address)] += 1;
    }
    count(styles, was, -1);
    count(styles, now, 1);
  }
  return {
    data,
    mappings: before.mappings.with(read),
    nodesByPeer: regroup(before.nodesByPeer, peers),
    nodesByLabel: regroup(before.nodesByLabel, labels),
    unreadable: before.unreadable.with(unreadable),
    irregular: before.irregular.with(irregular),
    families,
    styles,
  };
}

/** Keys that are in only one of two lookups, or whose values differ. */
export function changedKeys(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...Object.keys(after).filter((key) => !Object.hasOwn(before, key) || before[key] !== after[key]),
    ...Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  ];
}

/** Two styles with the same key are one. */
export function styleKey({ opening, between, closing }: Style): string {
  return JSON.stringify([opening, between ?? null, closing]);
}

type Reading = ReturnType<typeof readMapping> | undefined;

function peersIn(reading: Reading): Mapping['addresses'] {
  return reading === undefined || 'unreadable' in reading ? [] : reading.addresses;
}

function isIrregular(reading: Reading): boolean {
  if (reading === undefined || 'unreadable' in reading) return false;
  const { length } = reading.addresses;
  return length === 0 || repeatedAddresses(reading).length > 0 || impossiblePeers(reading).length > 0;
}

function isUnreadable(reading: Reading): boolean {
  return reasonOf(reading) !== undefined;
}

function reasonOf(reading: Reading): string | undefined {
  return reading !== undefined && 'unreadable' in reading ? reading.unreadable : undefined;
}

function count(styles: Map<string, StyleCount>, reading: Reading, by: number): void {
  if (reading === undefined || 'unreadable' in reading || reading.style === undefined) return;
  const key = styleKey(reading.style);
  const held = styles.get(key);
  const now = (held?.count ?? 0) + by;
  if (now === 0) styles.delete(key);
  else styles.set(key, { style: held?.style ?? reading.style, count: now });
}
