import { expect, test } from '@jest/globals';
import type { Inspection, PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { KeyWriter, TmmPod, Workload } from '../../../src/domain/bgp/snapshot.ts';
import { remedyFor, type Staleness, stalenessOf } from '../../../src/domain/bgp/staleness.ts';
import { anInspection, aPod, config, summary, TARGET, UNREADABLE } from '../checks/an-inspection.ts';

const WRITTEN_AT_MS = Date.parse('2026-11-23T10:00:00Z');
const [OLDER, YOUNGER] = [WRITTEN_AT_MS - 1, WRITTEN_AT_MS + 1];
const POD = aPod('tmm', 'worker1');
const WRITER: KeyWriter = { manager: 'kubectl-edit', at: new Date(WRITTEN_AT_MS).toISOString() };

interface Given {
  readonly pages?: PodPages;
  readonly pod?: Partial<TmmPod>;
  readonly mapping?: Readonly<Record<string, string>>;
  readonly mapping6?: Readonly<Record<string, string>>;
  /** Who wrote the key of the node in `tor`, and in `tor-v6`. */
  readonly writers?: readonly [tor?: KeyWriter, torV6?: KeyWriter];
  readonly workloads?: readonly Workload[];
}

/** Of a pod that runs with peer 10.20.1.1 on a node that is mapped to it by a value written at 10:00. */
function staleness(given: Given = {}): Staleness {
  const { pages = { config: config(['10.20.1.1']) }, mapping = { worker1: '10.20.1.1' }, mapping6 } = given;
  const pod = { ...POD, createdAtMs: OLDER, ...given.pod };
  const read = anInspection([pod], {
    mapping,
    ...(mapping6 && { mapping6 }),
    pages: { tmm: pages },
  });
  const [tor, torV6] = given.writers ?? [WRITER, WRITER];
  const written = { tor, 'tor-v6': torV6 };
  const lookups = [...read.lookups].map(([name, lookup]) => {
    const writer = name === 'tor' ? written.tor : written['tor-v6'];
    return [name, { ...lookup, writers: writer === undefined ? {} : { worker1: writer } }] as const;
  });
  const inspection: Inspection = {
    ...read,
    lookups: new Map(lookups),
    ...(given.workloads && { workloads: given.workloads }),
  };
  return stalenessOf(inspection, pod);
}

const MOVED = { worker1: '10.20.1.9' };
const MORE = { worker1: '10.20.1.1, 10.20.1.8, 10.20.1.9' };

test.each<[string, Given, Staleness]>([
  ['runs what its mapping says is current', {}, { kind: 'current' }],
  [
    'lacks a peer and still has another is stale',
    { mapping: MOVED },
    { kind: 'stale', why: 'it does not have 10.20.1.9, it still has 10.20.1.1' },
  ],
  [
    'lacks peers is stale',
    { mapping: MORE },
    { kind: 'stale', why: 'it does not have 10.20.1.8, 10.20.1.9' },
  ],
  [
    'still has peers is stale',
    { pages: { config: config(['10.20.1.1', '10.20.1.2', '10.20.1.3']) } },
    { kind: 'stale', why: 'it still has 10.20.1.2, 10.20.1.3' },
  ],
  [
    'has other settings than the Helm values is stale',
    { pages: { config: config(['10.20.1.1'], { softReconfInbound: true }) } },
    { kind: 'stale', why: 'its settings are not those of the Helm values in the policy' },
  ],
  [
    'has other settings and lacks a peer is stale, however young it is',
    {
      pages: { config: config(['10.20.1.1'], { shutdown: true }) },
      mapping: MORE,
      pod: { createdAtMs: YOUNGER },
    },
    {
      kind: 'stale',
      why: 'it does not have 10.20.1.8, 10.20.1.9, its settings are not those of the Helm values in the policy',
    },
  ],
  [
    'lacks a peer that was mapped before it started differs: a restart would not help',
    { mapping: MORE, pod: { createdAtMs: YOUNGER } },
    {
      kind: 'differs',
      why: 'it does not have 10.20.1.8, 10.20.1.9, although it started after the mapping was written',
    },
  ],
  [
    'started in the very moment of the writing may have missed it',
    { mapping: MORE, pod: { createdAtMs: WRITTEN_AT_MS } },
    { kind: 'stale', why: 'it does not have 10.20.1.8, 10.20.1.9' },
  ],
  [
    'still has a peer is stale also where it is younger than the mapping: the key of another node may have named it',
    { mapping: MOVED, pod: { createdAtMs: YOUNGER } },
    { kind: 'stale', why: 'it does not have 10.20.1.9, it still has 10.20.1.1' },
  ],
  [
    'lacks a peer of a key of which nobody knows when it was written is stale',
    { mapping: MORE, pod: { createdAtMs: YOUNGER }, writers: [] },
    { kind: 'stale', why: 'it does not have 10.20.1.8, 10.20.1.9' },
  ],
  [
    'lacks peers of two lookups may have missed the one that was written last',
    {
      mapping: MORE,
      mapping6: { worker1: '2001:db8::1' },
      pod: { createdAtMs: YOUNGER },
      writers: [WRITER, { ...WRITER, at: new Date(YOUNGER + 1).toISOString() }],
    },
    { kind: 'stale', why: 'it does not have 10.20.1.8, 10.20.1.9, 2001:db8::1' },
  ],
  [
    'lacks peers of two lookups is stale where one of the two does not tell when it was written',
    {
      mapping: MORE,
      mapping6: { worker1: '2001:db8::1' },
      pod: { createdAtMs: YOUNGER },
      writers: [WRITER],
    },
    { kind: 'stale', why: 'it does not have 10.20.1.8, 10.20.1.9, 2001:db8::1' },
  ],
  [
    'has all peers of a lookup that was written later lacks none of it',
    {
      pages: { config: config(['10.20.1.1', '2001:db8::1']) },
      mapping: MORE,
      mapping6: { worker1: '2001:db8::1' },
      pod: { createdAtMs: YOUNGER },
      writers: [WRITER, { ...WRITER, at: new Date(YOUNGER + 1).toISOString() }],
    },
    {
      kind: 'differs',
      why: 'it does not have 10.20.1.8, 10.20.1.9, although it started after the mapping was written',
    },
  ],
  [
    'has a peer in what may be cut off is unknown',
    { pages: { config: { ...config([]), complete: false } } },
    {
      kind: 'unknown',
      why: '10.20.1.1 is not in what could be read of the running-config, which may be cut off',
    },
  ],
  [
    'has one peer too many in what may be cut off is stale by that one',
    { pages: { config: { ...config(['10.20.1.7']), complete: false } } },
    { kind: 'stale', why: 'it still has 10.20.1.7' },
  ],
  [
    'has a running-config that cannot be read is unknown',
    { pages: { config: UNREADABLE } },
    { kind: 'unknown', why: 'its running-config cannot be read: the output is empty' },
  ],
  [
    'has a mapping that cannot be read is unknown',
    { mapping: { worker1: 'router-1' } },
    { kind: 'unknown', why: 'its mapping cannot be read: tor: "router-1" is not an address' },
  ],
  [
    'does not run cannot be asked',
    { pod: { phase: 'Pending' } },
    { kind: 'unknown', why: 'it cannot be queried: Pending' },
  ],
  [
    'does not run for a known reason cannot be asked, for that reason',
    { pod: { phase: 'Pending', notReadyReason: 'ImagePullBackOff' } },
    { kind: 'unknown', why: 'it cannot be queried: ImagePullBackOff' },
  ],
  [
    'has no routing container has nothing to ask',
    { pod: { routing: false } },
    { kind: 'unknown', why: 'it has no routing container' },
  ],
])('a pod that %s', (_, given, expected) => {
  expect(staleness(given)).toEqual(expected);
});

test('a session without its BFD makes no pod stale: no restart would bring it', () => {
  const [tor] = TARGET.bgp.neighbors;
  if (tor === undefined) throw new Error('the target has no neighbor');
  const target = { ...TARGET, bgp: { ...TARGET.bgp, neighbors: [{ ...tor, fallover: true }] } };
  const pages: PodPages = {
    config: config(['10.20.1.1'], { bfd: true }),
    summary: summary({ '10.20.1.1': 'Established' }),
    bfd: { readable: true, sessions: new Map(), complete: true },
  };
  const inspection = anInspection([POD], { mapping: { worker1: '10.20.1.1' }, pages: { tmm: pages } });
  expect(stalenessOf({ ...inspection, target }, POD)).toEqual({ kind: 'current' });
});

const OWNED: Partial<TmmPod> = { owner: { kind: 'ReplicaSet', name: 'f5-tmm-5d', uid: 'old' } };
const PAUSED: Workload = {
  kind: 'Deployment',
  name: 'f5-tmm',
  uid: 'deployment',
  ownerUids: ['old', 'new'],
  generation: 1,
  observedGeneration: 1,
  desired: 1,
  current: 1,
  updated: 0,
  available: 1,
  olderVersions: ['old'],
  updates: 'paused',
};
const WHY = 'it runs an older pod template than Deployment f5-tmm has';

test.each<[string, Given, string, boolean]>([
  ['and is current otherwise', {}, WHY, true],
  [
    'and lacks a peer too is restarted for the peer',
    { mapping: MORE },
    `it does not have 10.20.1.8, 10.20.1.9, ${WHY}`,
    false,
  ],
  [
    'and cannot be asked',
    { pod: { ...OWNED, phase: 'Pending' } },
    `${WHY}; it cannot be queried: Pending`,
    true,
  ],
  [
    'and differs',
    { mapping: MORE, pod: { ...OWNED, createdAtMs: YOUNGER } },
    `${WHY}; it does not have 10.20.1.8, 10.20.1.9, although it started after the mapping was written`,
    true,
  ],
])('a pod of an older template is stale: one that is so %s', (_, given, why, isWaitedFor) => {
  const told = staleness({ pod: OWNED, workloads: [PAUSED], ...given });
  if (told.kind !== 'stale') throw new Error(`it is ${told.kind}`);
  expect(told.why).toBe(why);
  expect(remedyFor(told, 'worker1')).toMatch(
    isWaitedFor ? /^A restart brings the same template again/ : /^To have it load .* restart worker1$/,
  );
});

test('a pod that lacks a peer which no lookup names is stale, however young it is', () => {
  const [tor] = TARGET.bgp.neighbors;
  if (tor === undefined) throw new Error('the target has a neighbor');
  const { nodeLookup: _, ...settings } = tor;
  const bgp = { ...TARGET.bgp, neighbors: [tor, { ...settings, ip: '10.20.9.9' }] };
  const pod = { ...POD, createdAtMs: YOUNGER };
  const read = anInspection([pod], {
    mapping: { worker1: '10.20.1.1' },
    pages: { tmm: { config: config(['10.20.1.1']) } },
  });
  expect(stalenessOf({ ...read, target: { ...TARGET, bgp } }, pod)).toEqual({
    kind: 'stale',
    why: 'it does not have 10.20.9.9',
  });
});
