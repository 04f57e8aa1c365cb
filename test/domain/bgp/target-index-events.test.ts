import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { PersistentMap } from '../../../src/domain/bgp/persistent-map.ts';
import type { Lookup, Node, Snapshot, TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import {
  changeIndex,
  EMPTY_INDEX,
  type IndexChanges,
  podKey,
  replacing,
  snapshotOf,
  snapshotOver,
} from '../../../src/domain/bgp/target-index.ts';

const RACK = { target: 'rack', clusterUid: 'uid-of-kube-system' };

const NAMES = ['w1.rack.example.com', 'w1.lab.example.com', 'w2.rack.example.com', 'w2', 'constructor'];
const LOOKUPS = ['tor', 'tor-v6'];
const name = fc.constantFrom(...NAMES);
const address = fc.constantFrom('10.0.0.1', '10.0.0.2', '10.0.0.3', '2001:db8::1', '2001:DB8::2');
const value = fc
  .tuple(
    fc.constantFrom(',', ', ', ' ', '\n', ' router '),
    fc.constantFrom('', '"', '['),
    fc.array(address, { maxLength: 3 }),
  )
  .map(([between, opening, list]) => opening + list.join(between));
const node: fc.Arbitrary<Node> = fc.record({ name, ready: fc.boolean(), cordoned: fc.boolean() });
const pod: fc.Arbitrary<TmmPod> = fc
  .record({
    name: fc.constantFrom('tmm-1', 'tmm-2', 'tmm-3', 'tmm-4'),
    uid: fc.constantFrom('a', 'b'),
    node: fc.option(name),
    phase: fc.constantFrom('Pending', 'Running', 'Failed'),
    ready: fc.boolean(),
    terminating: fc.boolean(),
  })
  .map(({ node: on, ...parts }) => ({
    namespace: 'spk',
    routing: true,
    createdAtMs: 0,
    ...parts,
    ...(on === null ? {} : { node: on }),
  }));
const lookup: fc.Arbitrary<Lookup> = fc
  .record({ name: fc.constantFrom(...LOOKUPS), data: fc.dictionary(name, value) })
  .map((parts) => ({ uid: 'u', immutable: false, bytes: 0, writers: {}, ...parts }));

type Event =
  | { readonly kind: 'nodes'; readonly all: readonly Node[] }
  | { readonly kind: 'node'; readonly name: string; readonly now: Node | undefined }
  | { readonly kind: 'pods'; readonly all: readonly TmmPod[] }
  | { readonly kind: 'pod'; readonly key: string; readonly now: TmmPod | undefined }
  | { readonly kind: 'lookup'; readonly name: string; readonly now: Lookup | undefined };

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.uniqueArray(node, { selector: (one) => one.name }).map((all): Event => ({ kind: 'nodes', all })),
  node.map((now): Event => ({ kind: 'node', name: now.name, now })),
  name.map((gone): Event => ({ kind: 'node', name: gone, now: undefined })),
  fc.uniqueArray(pod, { selector: podKey }).map((all): Event => ({ kind: 'pods', all })),
  pod.map((now): Event => ({ kind: 'pod', key: podKey(now), now })),
  pod.map((gone): Event => ({ kind: 'pod', key: podKey(gone), now: undefined })),
  lookup.map((now): Event => ({ kind: 'lookup', name: now.name, now })),
  fc.constantFrom(...LOOKUPS).map((gone): Event => ({ kind: 'lookup', name: gone, now: undefined })),
);

/** Everything that can be asked of a snapshot. */
function everythingOf(snapshot: Snapshot): unknown {
  return {
    nodes: snapshot.nodes,
    pods: snapshot.pods,
    lookups: new Map([...snapshot.lookups].sort()),
    names: snapshot.nodeNames(),
    podNodes: snapshot.podNodes(),
    podCounts: snapshot.podCounts,
    unscheduled: snapshot.podsOn(undefined),
    byName: [...NAMES, 'nobody'].map((one) => [
      snapshot.node(one),
      snapshot.podsOn(one),
      snapshot.nodesLabelled(one),
      snapshot.faults.get(one),
    ]),
    faulty: snapshot.faults.keys(),
    indexes: [...LOOKUPS, 'none'].map((one) => {
      const index = snapshot.lookupIndex(one);
      return {
        ...index,
        mappings: entriesOf(index.mappings),
        nodesByPeer: entriesOf(index.nodesByPeer),
        nodesByLabel: entriesOf(index.nodesByLabel),
        unreadable: entriesOf(index.unreadable),
        irregular: entriesOf(index.irregular),
        styles: new Map([...index.styles].sort()),
      };
    }),
  };
}

function entriesOf<Value>(map: PersistentMap<Value>): (readonly [string, Value])[] {
  return map.keys().flatMap((key) => {
    const held = map.get(key);
    return held === undefined ? [] : [[key, held] as const];
  });
}

/** The same state kept in plain maps. */
class Model {
  readonly nodes = new Map<string, Node>();
  readonly pods = new Map<string, TmmPod>();
  readonly lookups = new Map<string, Lookup>();

  apply(happened: Event): void {
    if (happened.kind === 'nodes' || happened.kind === 'pods') {
      if (happened.kind === 'nodes') this.nodes.clear();
      else this.pods.clear();
    }
    switch (happened.kind) {
      case 'nodes':
        for (const one of happened.all) this.nodes.set(one.name, one);
        break;
      case 'pods':
        for (const one of happened.all) this.pods.set(podKey(one), one);
        break;
      case 'node':
        put(this.nodes, happened.name, happened.now);
        break;
      case 'pod':
        put(this.pods, happened.key, happened.now);
        break;
      case 'lookup':
        put(this.lookups, happened.name, happened.now);
        break;
    }
  }

  changes(happened: Event): IndexChanges {
    switch (happened.kind) {
      case 'nodes':
        return {
          nodes: replacing([...this.nodes.keys()], new Map(happened.all.map((one) => [one.name, one]))),
        };
      case 'pods':
        return {
          pods: replacing([...this.pods.keys()], new Map(happened.all.map((one) => [podKey(one), one]))),
        };
      case 'node':
        return { nodes: [[happened.name, happened.now]] };
      case 'pod':
        return { pods: [[happened.key, happened.now]] };
      case 'lookup':
        return { lookups: [[happened.name, happened.now]] };
    }
  }

  snapshot(): Snapshot {
    return snapshotOf({
      clusterUid: 'uid-of-kube-system',
      target: 'rack',
      lookups: this.lookups,
      nodes: [...this.nodes.values()],
      pods: [...this.pods.values()],
    });
  }
}

function put<Value>(map: Map<string, Value>, key: string, now: Value | undefined): void {
  if (now === undefined) map.delete(key);
  else map.set(key, now);
}

describe('the index of a target', () => {
  test('is after any events as if it were built from what there is then, and never changes what somebody holds', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 12 }), fc.array(event, { maxLength: 6 }), (first, then) => {
        const model = new Model();
        let index = EMPTY_INDEX;
        const happen = (events: readonly Event[]) => {
          for (const happened of events) {
            index = changeIndex(index, model.changes(happened));
            model.apply(happened);
          }
          return { snapshot: snapshotOver(RACK, index), expected: everythingOf(model.snapshot()) };
        };
        const [held, last] = [happen(first), happen(then)];
        for (const { snapshot, expected } of [held, last]) expectSame(everythingOf(snapshot), expected);
      }),
    );
  });

  test('stays the very same when an event changes nothing that is kept', () => {
    fc.assert(
      fc.property(node, pod, (one, tmm) => {
        const index = changeIndex(EMPTY_INDEX, { nodes: [[one.name, one]], pods: [[podKey(tmm), tmm]] });
        expect(changeIndex(index, { nodes: [[one.name, { ...one }]] })).toBe(index);
        expect(changeIndex(index, { pods: [[podKey(tmm), { ...tmm }]] })).toBe(index);
      }),
    );
  });
});

/** `expect` takes five times as long to find two of these the same. */
function expectSame(actual: unknown, expected: unknown): void {
  if (!isDeepStrictEqual(actual, expected)) expect(actual).toEqual(expected);
}
