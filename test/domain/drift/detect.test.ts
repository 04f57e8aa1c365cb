import { describe, expect, test } from '@jest/globals';
import type { Lookup, Snapshot } from '../../../src/domain/bgp/snapshot.ts';
import type { Target } from '../../../src/domain/bgp/target.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { externalEdits, FIELD_MANAGER, observeMapping } from '../../../src/domain/drift/detect.ts';
import { aChange } from '../../contracts/a-stored-change.ts';

const LOOKUP = 'spk-tor-bgp';
const NODE = 'worker1';
const MINUTE_MS = 60_000;
const CHECKED_AT_MS = Date.parse('2026-03-01T10:00:00Z');
const WRITTEN_AT = '2026-03-01T10:00:30.000Z';

const target: Target = {
  name: 'rack',
  namespace: 'spk-ingress',
  tmm: { namespace: 'spk-ingress', selector: 'app=f5-tmm', container: 'f5-tmm-routing' },
  separator: ',',
  timeouts: { evictionTimeoutMs: 1, replacementTimeoutMs: 1, sessionTimeoutMs: 1, holdTimeMs: 10_000 },
  driftCheckEveryMs: MINUTE_MS,
  bgp: {
    asn: 65000,
    neighbors: [
      {
        asn: 3535,
        nodeLookup: LOOKUP,
        acceptsIPv4: true,
        acceptsIPv6: true,
        softReconf: false,
        fallover: false,
        passwordSet: false,
      },
    ],
  },
};

function snapshot(data: Lookup['data'], writers: Lookup['writers'] = {}): Snapshot {
  const lookup: Lookup = { name: LOOKUP, uid: 'l1', immutable: false, data, writers, bytes: 0 };
  return snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: new Map([[LOOKUP, lookup]]),
    nodes: [],
    pods: [],
  });
}

/** A change of the bot that wrote this value at this time. */
function written(after: string | null, atMs: number): Change {
  const change = aChange('BGP-1');
  const [difference] = change.plan.differences;
  if (difference === undefined) throw new Error('the change writes nothing');
  return {
    ...change,
    plan: { ...change.plan, differences: [{ ...difference, lookup: LOOKUP, node: NODE, after }] },
    journal: [{ step: { kind: 'write', lookup: LOOKUP, node: NODE }, phase: 'found', atMs }],
  };
}

function edits(
  before: string | null,
  after: string | null,
  writer: string | undefined,
  changes: readonly Change[],
): readonly object[] {
  const mapping = { [LOOKUP]: before === null ? {} : { [NODE]: before } };
  const data: Lookup['data'] = after === null ? {} : { [NODE]: after };
  const writers: Lookup['writers'] =
    writer === undefined ? {} : { [NODE]: { manager: writer, at: WRITTEN_AT } };
  return externalEdits({ mapping, atMs: CHECKED_AT_MS }, target, snapshot(data, writers), changes);
}

describe('who wrote a key is what Kubernetes says, not whose value it is', () => {
  test('a manual edit that restores a value which an earlier change of the bot wrote is an external edit', () => {
    const earlier = [written('10.20.1.1', CHECKED_AT_MS + 1), written('10.20.1.9', CHECKED_AT_MS + 2)];
    expect(edits('10.20.1.9', '10.20.1.1', 'kubectl-edit', earlier)).toEqual([
      {
        lookup: LOOKUP,
        node: NODE,
        before: '10.20.1.9',
        after: '10.20.1.1',
        writer: { manager: 'kubectl-edit', at: WRITTEN_AT },
      },
    ]);
  });

  test('an edit whose writer Kubernetes does not name is told without one', () => {
    expect(edits('10.20.1.1', null, undefined, [])).toStrictEqual([
      { lookup: LOOKUP, node: NODE, before: '10.20.1.1', after: null },
    ]);
  });

  test('what the bot wrote is none, even when no change is known that wrote it', () => {
    expect(edits('10.20.1.1', '10.20.1.9', FIELD_MANAGER, [])).toEqual([]);
    expect(edits(null, '10.20.1.9', FIELD_MANAGER, [])).toEqual([]);
  });

  test('what did not change is none, whoever wrote it', () => {
    expect(edits('10.20.1.1', '10.20.1.1', 'kubectl-edit', [])).toEqual([]);
    expect(edits(null, null, undefined, [])).toEqual([]);
  });
});

describe('where Kubernetes names no writer, the journal is asked by value and time', () => {
  test.each([
    ['a key that the bot removed since the earlier check', null, CHECKED_AT_MS + 1, 0],
    ['one that it removed just before, which a watch shows late', null, CHECKED_AT_MS - MINUTE_MS, 0],
    [
      'one that it removed long before: somebody put it back and took it away again',
      null,
      CHECKED_AT_MS - MINUTE_MS - 1,
      1,
    ],
    ['one that it wrote and somebody else removed', '10.20.1.9', CHECKED_AT_MS + 1, 1],
  ])('%s', (_, wrote, atMs, count) => {
    expect(edits('10.20.1.1', null, undefined, [written(wrote, atMs)])).toHaveLength(count);
  });

  test('a value of an API server without managedFields', () => {
    expect(edits('10.20.1.1', '10.20.1.9', undefined, [written('10.20.1.9', CHECKED_AT_MS)])).toEqual([]);
    expect(edits('10.20.1.1', '10.20.1.9', undefined, [written('10.20.1.9', 0)])).toHaveLength(1);
    expect(edits('10.20.1.1', '10.20.1.9', undefined, [])).toHaveLength(1);
  });

  test('a change that wrote other keys as well wrote this one, too', () => {
    const change = written(null, CHECKED_AT_MS);
    const [difference] = change.plan.differences;
    const [entry] = change.journal;
    if (difference === undefined || entry === undefined) throw new Error('the change writes nothing');
    const others = { ...entry, step: { kind: 'write', lookup: LOOKUP, node: 'worker2' } } as const;
    const both = {
      ...change,
      plan: { ...change.plan, differences: [{ ...difference, node: 'worker2' }, difference] },
      journal: [others, entry],
    };
    expect(edits('10.20.1.1', null, undefined, [both])).toEqual([]);
  });

  test.each<[string, Partial<Record<'lookup' | 'node', string>>]>([
    ['of another node', { node: 'worker2' }],
    ['in another lookup', { lookup: 'spk-tor-bgp-v6' }],
  ])('what a change planned or wrote %s explains nothing here', (_, elsewhere) => {
    const change = written(null, CHECKED_AT_MS);
    const planned = {
      ...change,
      plan: { ...change.plan, differences: change.plan.differences.map((one) => ({ ...one, ...elsewhere })) },
    };
    const step = { kind: 'write', lookup: LOOKUP, node: NODE, ...elsewhere } as const;
    const wrote = { ...change, journal: change.journal.map((entry) => ({ ...entry, step })) };
    expect(edits('10.20.1.1', null, undefined, [planned])).toHaveLength(1);
    expect(edits('10.20.1.1', null, undefined, [wrote])).toHaveLength(1);
  });

  test('a pod that a change restarted on the node is no write', () => {
    const change = written(null, CHECKED_AT_MS);
    const step = { kind: 'evict', node: NODE, pod: 'f5-tmm-1', uid: 'u1' } as const;
    const restarted = { ...change, journal: change.journal.map((entry) => ({ ...entry, step })) };
    expect(edits('10.20.1.1', null, undefined, [restarted])).toHaveLength(1);
  });

  test('a step that was planned and never begun wrote nothing', () => {
    const planned = { ...written(null, CHECKED_AT_MS), journal: [] };
    expect(edits('10.20.1.1', null, undefined, [planned])).toHaveLength(1);
  });
});

describe('mapping and cluster are compared', () => {
  const pod = {
    name: 'f5-tmm-1',
    uid: 'p1',
    namespace: 'spk-ingress',
    node: NODE,
    phase: 'Running',
    ready: true,
    terminating: false,
    routing: true,
    createdAtMs: 0,
  };
  const nodes = [{ name: NODE, ready: true, cordoned: false }];

  test('a TMM pod on a node that no lookup maps, and a mapping of a node that is not there', () => {
    const found = observeMapping(target, { ...snapshot({ worker9: '10.20.9.1' }), nodes, pods: [pod] });
    expect(found.map(({ key }) => key)).toEqual([`unmapped ${NODE}`, `orphan ${LOOKUP} worker9`]);
  });

  test('nothing where they agree, where a pod ends or does not route, and where there is no lookup at all', () => {
    const mapped = snapshot({ [NODE]: '10.20.1.1' });
    expect(observeMapping(target, { ...mapped, nodes, pods: [pod] })).toEqual([]);
    const idle = [
      { ...pod, terminating: true },
      { ...pod, routing: false },
    ];
    expect(observeMapping(target, { ...snapshot({}), nodes, pods: idle })).toEqual([]);
    expect(observeMapping(target, { ...mapped, lookups: new Map(), nodes, pods: [pod] })).toEqual([]);
  });

  test('a TMM pod that has no node yet is on none, and two pods of one node are told once', () => {
    const { node: _, ...pending } = pod;
    const pods = [pending, pod, { ...pod, name: 'f5-tmm-2', uid: 'p2' }];
    const found = observeMapping(target, { ...snapshot({}), nodes, pods });
    expect(found).toEqual([
      {
        key: `unmapped ${NODE}`,
        sentence: expect.stringContaining(`A TMM pod runs on ${NODE}, which no lookup maps`),
        next: expect.stringContaining(`add ${NODE} IP`),
      },
    ]);
  });

  test('each fault of a value is told with the node, and a value that names no address as well', () => {
    const found = observeMapping(target, { ...snapshot({ [NODE]: 'no address' }), nodes, pods: [pod] });
    expect(found.map(({ key }) => key)).toEqual([`unreadable ${NODE} ${LOOKUP}`]);
    expect(found[0]?.sentence).toContain(NODE);
  });
});
