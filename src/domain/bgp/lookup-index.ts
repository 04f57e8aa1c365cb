import { type Mapping, readMapping, type Style } from './mapping.ts';
import { firstLabel } from './node-name.ts';
import { type Grouped, PersistentMap, regroup } from './persistent-map.ts';

/** What the values of one lookup say, found without reading all of them. */
export interface LookupIndex {
  readonly data: Readonly<Record<string, string>>;
  /** Each value, read, by node. */
  readonly mappings: PersistentMap<ReturnType<typeof readMapping>>;
  /** Names of the nodes that have a peer, by its canonical address. */
  readonly nodesByPeer: PersistentMap<readonly string[]>;
  /** Names of mapped nodes by their first label. */
  readonly nodesByLabel: PersistentMap<readonly string[]>;
  /** How many addresses there are of each family. */
  readonly families: Readonly<Record<'IPv4' | 'IPv6', number>>;
  /** How many values show each style, by `styleKey`. */
  readonly styles: ReadonlyMap<string, { readonly style: Style; readonly count: number }>;
}

const EMPTY: LookupIndex = {
  data: {},
  mappings: PersistentMap.empty(),
  nodesByPeer: PersistentMap.empty(),
  nodesByLabel: PersistentMap.empty(),
  families: { IPv4: 0, IPv6: 0 },
  styles: new Map(),
};

/** Indexes `data`. Values that are as in `before` are not read again. */
export function lookupIndexOf(
  data: Readonly<Record<string, string>>,
  before: LookupIndex = EMPTY,
  changed: readonly string[] = changedKeys(before.data, data),
): LookupIndex {
  const left = changed.flatMap((node) => readingOf(node, before.mappings.get(node)));
  const read = changed.map((node) => {
    const value = Object.hasOwn(data, node) ? data[node] : undefined;
    return [node, value === undefined ? undefined : readMapping(value)] as const;
  });
  const joined = read.flatMap(([node, mapping]) => readingOf(node, mapping));
  const peersOf = ({ node, mapping }: Reading): Grouped[] =>
    mapping.addresses.map((address) => [address, node]);
  const labelled = (node: string): Grouped => [firstLabel(node), node];
  const gone = changed.filter((node) => before.mappings.has(node) && !Object.hasOwn(data, node));
  const come = changed.filter((node) => !before.mappings.has(node) && Object.hasOwn(data, node));
  return {
    data,
    mappings: before.mappings.with(read),
    nodesByPeer: regroup(before.nodesByPeer, left.flatMap(peersOf), joined.flatMap(peersOf)),
    nodesByLabel: regroup(before.nodesByLabel, gone.map(labelled), come.map(labelled)),
    families: countFamilies(before.families, left, joined),
    styles: countStyles(before.styles, left, joined),
  };
}

/** Keys that are in one of two lookups only, or have another value. */
export function changedKeys(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly string[] {
  return [
    ...Object.keys(after).filter((key) => !Object.hasOwn(before, key) || before[key] !== after[key]),
    ...Object.keys(before).filter((key) => !Object.hasOwn(after, key)),
  ];
}

/** Two styles are one when this is the same. */
export function styleKey({ opening, between, closing }: Style): string {
  return JSON.stringify([opening, between ?? null, closing]);
}

interface Reading {
  readonly node: string;
  readonly mapping: Mapping;
}

function readingOf(node: string, read: ReturnType<typeof readMapping> | undefined): readonly Reading[] {
  return read === undefined || 'unreadable' in read ? [] : [{ node, mapping: read }];
}

function countFamilies(
  before: LookupIndex['families'],
  left: readonly Reading[],
  joined: readonly Reading[],
): LookupIndex['families'] {
  const count = (readings: readonly Reading[], family: 'IPv4' | 'IPv6'): number =>
    readings.reduce(
      (sum, { mapping }) =>
        sum + mapping.addresses.filter((address) => address.includes(':') === (family === 'IPv6')).length,
      0,
    );
  return {
    IPv4: before.IPv4 - count(left, 'IPv4') + count(joined, 'IPv4'),
    IPv6: before.IPv6 - count(left, 'IPv6') + count(joined, 'IPv6'),
  };
}

function countStyles(
  before: LookupIndex['styles'],
  left: readonly Reading[],
  joined: readonly Reading[],
): LookupIndex['styles'] {
  const styles = new Map(before);
  const add = (style: Style | undefined, by: number): void => {
    if (style === undefined) return;
    const key = styleKey(style);
    const count = (styles.get(key)?.count ?? 0) + by;
    if (count === 0) styles.delete(key);
    else styles.set(key, { style, count });
  };
  for (const { mapping } of left) add(mapping.style, -1);
  for (const { mapping } of joined) add(mapping.style, 1);
  return styles;
}
