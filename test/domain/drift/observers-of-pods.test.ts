import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import {
  type DriftLook,
  NOTHING_REMEMBERED,
  observe,
  type Remembered,
  remember,
} from '../../../src/domain/drift/observers.ts';
import type { SessionState } from '../../../src/domain/zebos/printed-values.ts';
import { anInspection, aPod, config, neighbors, summary, UNREADABLE } from '../checks/an-inspection.ts';

const PEER = '10.20.1.1';

interface World {
  readonly nodes?: readonly string[];
  readonly pods?: readonly TmmPod[];
  readonly mapping?: Readonly<Record<string, string>>;
  readonly mapping6?: Readonly<Record<string, string>>;
  readonly pages?: Readonly<Record<string, PodPages>>;
  readonly remembered?: Remembered;
}

/** A check of worker1 as it should be, where nothing else is said. */
function look(world: World = {}): DriftLook {
  const { nodes = ['worker1'], pods = [aPod('one', 'worker1')], remembered = NOTHING_REMEMBERED } = world;
  const { mapping = { worker1: PEER }, mapping6 = {}, pages = { one: pagesOf('Established') } } = world;
  const inspection = anInspection(pods, { mapping, mapping6, pages });
  const snapshot = snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: inspection.lookups,
    nodes: nodes.map((name) => ({ name, ready: true, cordoned: false })),
    pods,
  });
  return { target: inspection.target, snapshot, inspection, pods, remembered };
}

const ACTIVE = { activated: { ipv4: true, ipv6: false } };

function pagesOf(state: SessionState, peer = PEER): PodPages {
  return { config: config([peer], ACTIVE), summary: summary({ [peer]: state }) };
}

const keys = (world: World): readonly string[] => observe(look(world)).map(({ key }) => key);

test('nothing is observed where all is as it should be, nor of a pod that could not be read', () => {
  expect(keys({})).toEqual([]);
  expect(keys({ pages: { one: { config: UNREADABLE, summary: UNREADABLE } } })).toEqual([]);
  expect(keys({ pods: [], pages: {} })).toEqual([]);
});

test('a session that is down is told with its state', () => {
  expect(observe(look({ pages: { one: pagesOf('Connect') } }))).toEqual([
    {
      key: `session worker1 ${PEER}`,
      sentence: `worker1: the session with ${PEER} is down (Connect).`,
      next: 'See its state: show worker1',
    },
  ]);
});

test('a peer that is mapped and not configured is told with the lookup that has it', () => {
  const two = `${PEER},10.20.1.2`;
  const [absent, ...others] = observe(look({ mapping: { worker1: two } }));
  expect(others).toEqual([]);
  expect(absent).toEqual({
    key: 'absent worker1 10.20.1.2',
    sentence: 'worker1: 10.20.1.2 is mapped in tor, but not configured in one, which started before that.',
    next: 'To have it load the current configuration: restart worker1',
  });
});

test('a static peer that is not configured is told as one', () => {
  const known = look();
  const [first] = known.target.bgp.neighbors;
  if (first === undefined) throw new Error('no neighbor');
  const { nodeLookup: _, ...more } = first;
  const bgp = {
    ...known.target.bgp,
    neighbors: [...known.target.bgp.neighbors, { ...more, ip: '10.20.9.9' }],
  };
  const target = { ...known.target, bgp };
  const told = observe({ ...known, target, inspection: { ...known.inspection, target } });
  expect(told.map(({ key, sentence }) => `${key}: ${sentence}`)).toEqual([
    'absent worker1 10.20.9.9: worker1: 10.20.9.9 is a static peer, but not configured in one, which started before that.',
  ]);
});

test('a mapped node that had a TMM pod and has none any more is told, for as long as it is mapped and there', () => {
  const had = remember(
    look({ nodes: ['worker2', 'worker1'], mapping: { worker2: '10.20.2.1', worker1: PEER } }),
  );
  expect(had.tmmNodes).toEqual(['worker1']);
  const gone: World = { pods: [], pages: {}, remembered: had };
  expect(observe(look(gone)).map(({ key, sentence }) => [key, sentence.split(':', 1)[0]])).toEqual([
    ['lost worker1', 'worker1 is mapped and had a TMM pod, and has none any more'],
  ]);
  expect(remember(look(gone)).tmmNodes).toEqual(['worker1']);
  expect(keys({ ...gone, pods: [aPod('one', 'worker1', { terminating: true })] })).toEqual(['lost worker1']);
  expect(keys({ ...gone, remembered: NOTHING_REMEMBERED })).toEqual([]);
  expect(keys({ ...gone, mapping: {} })).toEqual([]);
  expect(remember(look({ ...gone, mapping: {} })).tmmNodes).toEqual([]);
  expect(remember(look({ ...gone, nodes: [] })).tmmNodes).toEqual([]);
});

test('nodes that had a TMM pod are remembered once each, sorted, whichever lookup maps them', () => {
  const pods = ['worker2', 'worker1', 'worker3'].map((node) => aPod(`on-${node}`, node));
  const mapping = { worker2: '10.20.2.1', worker1: PEER };
  const mapping6 = { worker3: '2001:db8::3', worker1: '2001:db8::1' };
  const nodes = ['worker1', 'worker2', 'worker3'];
  expect(remember(look({ nodes, pods, mapping, mapping6, pages: {} })).tmmNodes).toEqual(nodes);
});

test('how much is announced is remembered while it is known and is any, and then as it was', () => {
  const announced = (count: number | undefined): PodPages => ({
    ...pagesOf('Established'),
    neighbors:
      count === undefined
        ? UNREADABLE
        : neighbors({ [PEER]: { state: 'Established', announcedPrefixes: count } }),
  });
  const after = (count: number | undefined, before: Remembered = NOTHING_REMEMBERED) =>
    remember(look({ pages: { one: announced(count) }, remembered: before }));
  expect(after(3).announced).toEqual({ [`worker1 ${PEER}`]: 3 });
  expect(after(4, after(3)).announced).toEqual({ [`worker1 ${PEER}`]: 4 });
  for (const lost of [0, undefined]) {
    expect(after(lost, after(3)).announced).toEqual({ [`worker1 ${PEER}`]: 3 });
    expect(after(lost).announced).toStrictEqual({});
  }
  const told = observe(look({ pages: { one: announced(0) }, remembered: after(3) }));
  expect(told).toMatchObject([
    { key: `announced worker1 ${PEER}`, next: expect.stringMatching(/verify worker1$/) },
  ]);
});

test.each([
  [1, 'worker1'],
  [5, 'worker1, worker2, worker3, worker4, worker5'],
  [7, 'worker1, worker2, worker3, worker4, worker5 and 2 more'],
])('a running-config that differs in one way on %i nodes is told once, with five of them', (count, names) => {
  const nodes = Array.from({ length: count }, (_, n) => `worker${n + 1}`);
  const address = (node: string): string => `10.20.${node.slice(6)}.1`;
  const differs = { ...ACTIVE, remoteAs: 3536 };
  const told = observe(
    look({
      nodes,
      pods: nodes.map((node) => aPod(`on-${node}`, node)),
      mapping: Object.fromEntries(nodes.map((node) => [node, address(node)])),
      pages: Object.fromEntries(
        nodes.map((node) => [
          `on-${node}`,
          { config: config([address(node)], differs), summary: summary({ [address(node)]: 'Established' }) },
        ]),
      ),
    }),
  );
  expect(told.map(({ key }) => key)).toEqual(['config wrong_remote_as']);
  expect(told[0]?.sentence).toMatch(
    new RegExp(`^${names}: the running-config is not what mapping and Helm values say \\(.*[^.]\\)\\.$`),
  );
});

test('two ways in which a running-config differs are told one by one, and a second pod of a node adds no second name', () => {
  const differs = { ...ACTIVE, remoteAs: 3536, softReconfInbound: true };
  const page = { config: config([PEER], differs), summary: summary({ [PEER]: 'Established' }) };
  const pods = [aPod('one', 'worker1'), aPod('two', 'worker1')];
  const told = observe(look({ pods, pages: { one: page, two: page } }));
  expect(told.map(({ key, sentence }) => [key, sentence.split(':', 1)[0]])).toEqual([
    ['config wrong_remote_as', 'worker1'],
    ['config wrong_soft_reconfiguration', 'worker1'],
  ]);
});

test('a pod that stands on no node yet is called by its own name', () => {
  const { node: _, ...pod } = aPod('one', 'worker1');
  const [first] = observe(look({ pods: [pod], pages: { one: pagesOf('Idle') } }));
  expect(first?.key).toBe(`session one ${PEER}`);
});
