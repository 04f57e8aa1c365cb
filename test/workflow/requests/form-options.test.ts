import { describe, expect, test } from '@jest/globals';
import type { LastSeenSessions } from '../../../src/domain/bgp/live-sessions.ts';
import type { Lookup, Node, Snapshot } from '../../../src/domain/bgp/snapshot.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { DriftState } from '../../../src/ports/store.ts';
import {
  changeOption,
  changeOptions,
  channelField,
  formChoices,
  nodeOptions,
  openLastSessions,
} from '../../../src/workflow/requests/form-options.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { fakeClock } from '../../doubles/fake-clock.ts';
import { RACK } from '../../doubles/sample-policy.ts';

const ZONE = 'topology.kubernetes.io/zone';
const aNode = (name: string, labels: Readonly<Record<string, string>> = {}): Node => ({
  name,
  ready: true,
  cordoned: false,
  labels,
});
const lookup = (name: string, data: Readonly<Record<string, string>>): [string, Lookup] => [
  name,
  { name, uid: name, immutable: false, data, writers: {}, bytes: 0 },
];

function aSnapshot(nodes: readonly Node[], lookups: readonly [string, Lookup][] = []): Snapshot {
  return snapshotOf({ clusterUid: 'u', target: 'rack', nodes, pods: [], lookups: new Map(lookups) });
}

const described = (snapshot: Snapshot, typed = '', sessions?: LastSeenSessions) =>
  nodeOptions(snapshot, typed, sessions).map(({ value, description }) => `${value}: ${description}`);

describe('the nodes of a form', () => {
  test('stand with zone and rack before their peers, as the labels name them, and say where they are not mapped', () => {
    const snapshot = aSnapshot(
      [
        aNode('worker1', { 'example.com/rack': 'r7', [ZONE]: 'zone-a', app: 'x' }),
        aNode('worker2', { [ZONE]: '', rack: 'r8', 'crack-rackets': 'no', haystackrack: 'no' }),
        aNode('worker3', { 'my.rack': 'r9', 'my-rack': 'r10' }),
      ],
      [lookup('tor', { worker1: '10.20.1.1, 10.20.1.2', worker3: 'router one' })],
    );
    expect(described(snapshot)).toEqual([
      'worker1: r7 · zone-a · 10.20.1.1, 10.20.1.2',
      'worker2: r8 · not mapped',
      'worker3: r9 · r10 · unreadable',
    ]);
  });

  test('are found by what zone, rack, peer or name hold, in any case; whose name begins so come first, as people count', () => {
    const snapshot = aSnapshot(
      [
        aNode('worker10'),
        aNode('worker9'),
        aNode('a-worker1'),
        aNode('b', { [ZONE]: 'Workers' }),
        aNode('c'),
      ],
      [lookup('tor', { c: '10.20.1.1' }), lookup('tor-v6', { c: '2001:DB8::1' })],
    );
    const found = (typed: string) => nodeOptions(snapshot, typed).map(({ value }) => value);
    expect(found(' WORKER ')).toEqual(['worker9', 'worker10', 'a-worker1', 'b']);
    expect(found('db8::1')).toEqual(['c']);
    expect(found('nowhere')).toEqual([]);
  });

  test.each([
    ['down', '10.20.1.1 ✗ down'],
    ['unknown', '10.20.1.1 ? unknown'],
    ['absent', '10.20.1.1 ✗ absent'],
    ['established', '10.20.1.1 ✓'],
  ] as const)('a session that was last seen %s: %s', (state, words) => {
    const snapshot = aSnapshot(
      [aNode('worker1'), aNode('worker2')],
      [lookup('tor', { worker1: '10.20.1.1', worker2: '10.20.1.1' })],
    );
    expect(described(snapshot, '', { worker1: { '10.20.1.1': state } })).toEqual([
      `worker1: ${words}`,
      'worker2: 10.20.1.1',
    ]);
  });

  test('a node or peer called like a property of every object has nothing beside it that is not its own', () => {
    const snapshot = aSnapshot([aNode('constructor')], [lookup('tor', {})]);
    expect(described(snapshot)).toEqual(['constructor: not mapped']);
  });
});

describe('the changes of a form', () => {
  const command = {
    verb: 'rollback',
    read: (_: unknown, earlier?: { readonly state: string }) =>
      earlier?.state === 'halted' ? () => refuse('internal_error', '', '') : refuse('not_open', '', ''),
  };
  const halted = (id: string) => ({ ...aChange(id), state: 'halted' as const });

  test('are those that the command takes, found by number, subject or state in any case, with their state beside them', () => {
    const changes = [halted('BGP-3'), aChange('BGP-2'), halted('BGP-1')];
    const found = (typed: string) => changeOptions(command, changes, typed).map(({ value }) => value);
    expect(found('')).toEqual(['BGP-3', 'BGP-1']);
    expect(found(' bgp-1 ')).toEqual(['BGP-1']);
    expect(found('WORKER1')).toEqual(['BGP-3', 'BGP-1']);
    expect(found('Halted')).toEqual(['BGP-3', 'BGP-1']);
    expect(found('BGP-2')).toEqual([]);
    const option = changeOption(halted('BGP-1'));
    expect(option).toMatchObject({ value: 'BGP-1', description: 'halted' });
    expect(option.label).toMatch(/^BGP-1 · .*worker1/);
  });

  test('are as many as Slack shows', () => {
    const many = Array.from({ length: 101 }, (_, at) => halted(`BGP-${at}`));
    expect(changeOptions(command, many, '')).toHaveLength(100);
  });
});

describe('how sessions were last seen', () => {
  const SESSIONS = { worker1: { '10.20.1.1': 'down' } } as const;
  const target = { name: 'rack', driftCheckEveryMs: 30_000 };
  const stateAt = (atMs: number, more: Partial<DriftState> = { sessions: SESSIONS }): DriftState => ({
    mapping: {},
    findings: {},
    atMs,
    ...more,
  });

  /** What is told, read and counted, of a store that holds `state`. */
  function reader(state: () => Promise<DriftState | undefined>) {
    const clock = fakeClock();
    const reads: string[] = [];
    const read = async (name: string) => {
      reads.push(name);
      return state();
    };
    return { clock, reads, sessionsOf: openLastSessions({ read }, clock) };
  }

  test('counts for three checks of the drift monitor, and not longer', async () => {
    let atMs = 0;
    const { clock, sessionsOf } = reader(async () => stateAt(atMs));
    atMs = clock.now() - 90_000;
    expect(await sessionsOf(target)).toEqual(SESSIONS);
    await clock.advance(5_000);
    expect(await sessionsOf(target)).toEqual({});
  });

  test('is read once in five seconds for each target, however much somebody types, also by a clock that was set back', async () => {
    const { clock, reads, sessionsOf } = reader(async () => stateAt(Number.MAX_SAFE_INTEGER));
    await sessionsOf(target);
    await clock.advance(4_999);
    await sessionsOf(target);
    await sessionsOf({ ...target, name: 'attic' });
    expect(reads).toEqual(['rack', 'attic']);
    await clock.advance(1);
    await sessionsOf(target);
    expect(reads).toEqual(['rack', 'attic', 'rack']);
    clock.setWallClock(clock.now() - 3_600_000);
    await sessionsOf(target);
    expect(reads).toHaveLength(4);
  });

  test('says nothing where nothing was seen, or the store cannot be read', async () => {
    expect(await reader(async () => undefined).sessionsOf(target)).toEqual({});
    expect(await reader(() => Promise.reject(new Error('away'))).sessionsOf(target)).toEqual({});
    const unseen = reader(async () => stateAt(Number.MAX_SAFE_INTEGER, {}));
    expect(await unseen.sessionsOf(target)).toEqual({});
  });
});

describe('what may be chosen in a form', () => {
  const east = { ...RACK, name: 'east' };
  const west = { ...RACK, name: 'west' };

  test('a target only where the policy has several, also for whom one of them is open', () => {
    expect(formChoices([RACK], { targets: [RACK] }).target).toEqual([]);
    expect(formChoices([west], { targets: [east, west] }).target).toEqual([{ value: 'west', label: 'west' }]);
  });

  test('each lookup of the targets once, with the AS of its peers; of very many as many as Slack shows', () => {
    expect(formChoices([east, west], { targets: [east, west] }).lookup).toEqual([
      { value: 'spk-tor-bgp', label: 'spk-tor-bgp (AS 3535)' },
      { value: 'spk-tor-bgp-v6', label: 'spk-tor-bgp-v6 (AS 3535)' },
    ]);
    const [neighbor] = RACK.bgp.neighbors;
    if (neighbor === undefined) throw new Error('the sample has one');
    const neighbors = Array.from({ length: 101 }, (_, at) => ({ ...neighbor, nodeLookup: `tor-${at}` }));
    const many = Array.from({ length: 101 }, (_, at) => ({
      ...RACK,
      name: `rack-${at}`,
      bgp: { ...RACK.bgp, neighbors },
    }));
    const { target, lookup } = formChoices(many, { targets: [east, west] });
    expect([target.length, lookup.length]).toEqual([100, 100]);
  });

  test('the channel of the proposal is the first of the policy unless another is chosen', () => {
    expect(channelField(['C1', 'C2'])).toEqual({
      id: 'channel',
      label: 'Propose it in',
      required: true,
      input: 'channel',
      initial: { value: 'C1', label: 'C1' },
    });
  });
});
