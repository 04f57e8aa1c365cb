import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lookupIndexOf } from '../../../src/domain/bgp/lookup-index.ts';
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

/** A Running TMM pod. */
function at(on: string, label: string): TmmPod {
  return {
    name: `tmm-${label}`,
    uid: label,
    namespace: 'spk',
    node: on,
    phase: 'Running',
    ready: true,
    terminating: false,
    routing: true,
    createdAtMs: 0,
  };
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
        for (const { snapshot, expected } of [held, last]) expect(everythingOf(snapshot)).toEqual(expected);
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

  test('reads no value again that is as it was', () => {
    const before = lookupIndexOf({ w1: '10.0.0.1', w2: '10.0.0.2' });
    const after = lookupIndexOf({ w1: '10.0.0.1', w2: '10.0.0.9', w3: '10.0.0.3' }, before);
    expect(after.mappings.get('w1')).toBe(before.mappings.get('w1'));
    expect(after.nodesByPeer.get('10.0.0.1')).toBe(before.nodesByPeer.get('10.0.0.1'));
    expect(after.nodesByPeer.get('10.0.0.2')).toBeUndefined();
    expect(after.nodesByPeer.get('10.0.0.9')).toEqual(['w2']);
  });

  test('finds nodes and pods by name, and counts the pods', () => {
    const fine = { ready: true, cordoned: false };
    const { node: _, ...unscheduled } = at('', '4');
    const snapshot = snapshotOf({
      ...RACK,
      lookups: new Map(),
      nodes: [
        { name: 'w2', ...fine },
        { name: 'w1.rack', ...fine },
        { name: 'w1.lab', ...fine },
      ],
      pods: [
        at('w1.rack', '2'),
        at('w1.rack', '1'),
        { ...at('w2', '3'), terminating: true },
        { ...unscheduled, phase: 'Failed' },
      ],
    });
    const names = (pods: readonly TmmPod[]): readonly string[] => pods.map((one) => one.name);
    expect(snapshot.nodeNames()).toEqual(['w1.lab', 'w1.rack', 'w2']);
    expect(snapshot.nodesLabelled('w1')).toEqual(['w1.lab', 'w1.rack']);
    expect(snapshot.nodesLabelled('w3')).toEqual([]);
    expect(names(snapshot.podsOn('w1.rack'))).toEqual(['tmm-1', 'tmm-2']);
    expect(names(snapshot.podsOn(undefined))).toEqual(['tmm-4']);
    expect(snapshot.podsOn('w3')).toEqual([]);
    expect(snapshot.podNodes()).toEqual(['w1.rack', 'w2']);
    expect(snapshot.podCounts).toEqual({ active: 2, ended: 1 });
    expect(snapshot.faults.keys()).toEqual(['w1.rack', 'w2']);
  });

  test('keeps what an event does not concern', () => {
    const tor = (data: Record<string, string>): Lookup => ({
      name: 'tor',
      uid: 'u',
      immutable: false,
      bytes: 0,
      writers: {},
      data,
    });
    const index = changeIndex(EMPTY_INDEX, {
      nodes: [['w1', { name: 'w1', ready: true, cordoned: false }]],
      pods: [['spk/tmm-1', at('w1', '1')]],
      lookups: [['tor', tor({ w1: '10.0.0.1', w2: '10.0.0.2' })]],
    });
    const unready = changeIndex(index, { pods: [['spk/tmm-1', { ...at('w1', '1'), ready: false }]] });
    expect(unready.podsByNode).toBe(index.podsByNode);
    const more = changeIndex(index, { nodes: [['w3', { name: 'w3', ready: true, cordoned: false }]] });
    expect(more.faults).toBe(index.faults);
    const [before, after] = [index, changeIndex(index, { lookups: [['tor', tor({ w1: '10.0.0.1' })]] })].map(
      (one) => snapshotOver(RACK, one).lookupIndex('tor').mappings,
    );
    expect(after?.get('w1')).toBe(before?.get('w1'));
    expect(after?.keys()).toEqual(['w1']);
  });

  test('knows what is wrong with which node', () => {
    const { faults } = snapshotOf({
      clusterUid: 'uid-of-kube-system',
      target: 'rack',
      lookups: new Map([
        [
          'tor',
          { name: 'tor', uid: 'u', immutable: false, bytes: 0, writers: {}, data: { fine: '1', gone: '2' } },
        ],
      ]),
      nodes: [
        { name: 'fine', ready: true, cordoned: false },
        { name: 'bare', ready: true, cordoned: false },
        { name: 'sick', ready: false, cordoned: true },
        { name: 'idle', ready: true, cordoned: false },
      ],
      pods: [at('fine', '1'), at('bare', '2'), at('lost', '3')],
    });
    expect(entriesOf(faults)).toEqual([
      ['bare', ['unmapped']],
      ['gone', ['absent']],
      ['lost', ['unmapped', 'absent']],
      ['sick', ['not_ready', 'cordoned']],
    ]);
  });
});
