import { describe, expect, test } from '@jest/globals';
import { command as add } from '../../../src/commands/add.ts';
import { command as config } from '../../../src/commands/config.ts';
import { command as nodes } from '../../../src/commands/nodes.ts';
import { resolveNode } from '../../../src/commands/planning/find-node.ts';
import { command as remove } from '../../../src/commands/remove.ts';
import { command as restart } from '../../../src/commands/restart.ts';
import { command as rotate } from '../../../src/commands/rotate.ts';
import { command as show } from '../../../src/commands/show.ts';
import { command as verify } from '../../../src/commands/verify.ts';
import type { Answer } from '../../../src/domain/answer.ts';
import type { Node, Snapshot, TmmPod } from '../../../src/domain/bgp/snapshot.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import type { Cluster, ImishOutcome } from '../../../src/ports/cluster.ts';
import { sandboxTarget } from '../../cluster/target.ts';

const nodeName = (at: number): string => `worker${String(at).padStart(3, '0')}.rack.example.com`;
const tmm = (label: string, on?: string): TmmPod => ({
  name: `f5-tmm-${label}`,
  uid: label,
  namespace: 'spk-ingress',
  phase: on === undefined ? 'Pending' : 'Running',
  ready: true,
  terminating: false,
  routing: true,
  createdAtMs: 0,
  ...(on === undefined ? {} : { node: on }),
});

/** So many nodes, mapped and with a TMM pod each; `parts` replaces some of it. */
function rack(count: number, parts: { nodes?: readonly Node[]; pods?: readonly TmmPod[] } = {}): Snapshot {
  const names = Array.from({ length: count }, (_, at) => nodeName(at));
  const data = Object.fromEntries(names.map((name) => [name, '10.20.1.1']));
  return snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: new Map([
      ['spk-tor-bgp', { name: 'spk-tor-bgp', uid: 'u', immutable: false, data, bytes: 0, writers: {} }],
    ]),
    nodes: parts.nodes ?? names.map((name) => ({ name, ready: true, cordoned: false })),
    pods: parts.pods ?? names.map((name, at) => tmm(String(at), name)),
  });
}

type Reading = Pick<Cluster, 'snapshot' | 'cachedSnapshot'>;

/** A cluster that counts what is read of it; whatever else is asked of it is a fault of the test. */
function clusterOf(live: Snapshot, cached: Snapshot | undefined): Cluster & { readonly asked: string[] } {
  const asked: string[] = [];
  const never = (): never => {
    throw new Error('this is not asked here');
  };
  const reading: Reading = {
    cachedSnapshot: () => cached,
    snapshot: async (of) => {
      asked.push(of?.node ?? 'everything');
      return live;
    },
  };
  return {
    ...reading,
    asked,
    tmmState: never,
    write: never,
    evict: never,
    remove: never,
    imish: never,
    nextChange: never,
  };
}

describe('nodes of a large target', () => {
  const ask = async (live: Snapshot, cached: Snapshot | undefined = live): Promise<Answer> => {
    const handler = nodes.read({ verb: 'nodes', args: [], flags: {} });
    if (isRefusal(handler)) throw new Error(handler.sentence);
    const answer = await handler(sandboxTarget(), clusterOf(live, cached));
    if (isRefusal(answer)) throw new Error(answer.sentence);
    return answer;
  };
  const rowsOf = ({ parts }: Answer): readonly (readonly string[])[] =>
    parts.flatMap((part) => (part.kind === 'table' ? part.rows : []));
  const textsOf = ({ parts }: Answer): readonly string[] =>
    parts.flatMap((part) => (part.kind === 'text' || part.kind === 'note' ? [part.text] : []));

  test('shows all of a rack, in the order of their names', async () => {
    const answer = await ask(rack(50));
    expect(rowsOf(answer).map(([name]) => name)).toEqual(rack(50).nodeNames());
    expect(rowsOf(answer)[0]).toEqual([nodeName(0), 'Ready', 'spk-tor-bgp', 'f5-tmm-0']);
    expect(textsOf(answer).join()).not.toContain('are shown');
  });

  test('shows fifty of more, what needs attention first, and how to see another one', async () => {
    const names = rack(60).nodeNames();
    const answer = await ask(
      rack(60, {
        nodes: [
          ...names
            .filter((name) => name !== nodeName(57))
            .map((name) => ({ name, ready: name !== nodeName(59), cordoned: name === nodeName(58) })),
          { name: 'zone9.example.com', ready: true, cordoned: false },
        ],
        pods: [tmm('z', 'zone9.example.com'), tmm('w')],
      }),
    );
    expect(rowsOf(answer).slice(0, 5)).toEqual([
      [nodeName(57), 'not in the cluster', 'spk-tor-bgp', '-'],
      [nodeName(58), 'Ready, cordoned', 'spk-tor-bgp', '-'],
      [nodeName(59), 'NotReady', 'spk-tor-bgp', '-'],
      ['zone9.example.com', 'Ready', '-', 'f5-tmm-z'],
      [nodeName(0), 'Ready', 'spk-tor-bgp', '-'],
    ]);
    expect(rowsOf(answer).length).toBe(50);
    expect(textsOf(answer)).toEqual([
      expect.stringContaining('A TMM pod runs on zone9.example.com, which no lookup maps'),
      expect.stringContaining('spk-tor-bgp-v6 does not exist yet'),
      expect.stringContaining('f5-tmm-w runs on no node yet: Pending.'),
      '50 of 61 nodes are shown, those that need attention first (4). To see another one: show NODE',
    ]);
  });

  test('says of many that are alike how many more there are', async () => {
    const waiting = (count: number) => Array.from({ length: count }, (_, at) => tmm(String(at)));
    const told = textsOf(await ask(rack(3, { pods: waiting(12) })));
    expect(told.filter((text) => text.includes('runs on no node yet')).length).toBe(10);
    expect(told).toContain('2 more pods run on no node.');
    expect(textsOf(await ask(rack(3, { pods: waiting(11) })))).toContain('1 more pod runs on no node.');
  });

  test('asks the API server only while the watches are not in sync', async () => {
    const answer = await ask(rack(3), undefined);
    expect(rowsOf(answer).length).toBe(3);
  });
});

describe('a query about one node', () => {
  const live = rack(3);

  test.each([
    ['a full name', nodeName(1)],
    ['a short name', 'worker001'],
    ['capitals', 'WORKER001'],
  ])('reads that node only, by %s', async (_, typed) => {
    const cluster = clusterOf(live, rack(3));
    expect(await resolveNode(cluster, typed)).toEqual({ name: nodeName(1), snapshot: live });
    expect(cluster.asked).toEqual([nodeName(1)]);
  });

  test('reads everything before a name is refused, and where the watches are not in sync', async () => {
    const unknown = clusterOf(live, live);
    expect(await resolveNode(unknown, 'worker9')).toMatchObject({ reasonCode: 'unknown_node' });
    expect(unknown.asked).toEqual(['everything']);

    const young = clusterOf(live, rack(1));
    expect(await resolveNode(young, 'worker001')).toMatchObject({ name: nodeName(1) });
    expect(young.asked).toEqual(['everything']);

    const silent = clusterOf(live, undefined);
    expect(await resolveNode(silent, nodeName(1))).toMatchObject({ name: nodeName(1) });
    expect(silent.asked).toEqual(['everything']);
  });

  test('that went away since the watches heard of it is refused', async () => {
    const cluster = clusterOf(rack(1), rack(2));
    expect(await resolveNode(cluster, nodeName(1))).toMatchObject({ reasonCode: 'unknown_node' });
    expect(cluster.asked).toEqual([nodeName(1), 'everything']);
  });
});

describe('what is asked about one node', () => {
  /** A snapshot of which nobody may list all nodes or all pods. */
  const unlisted = (snapshot: Snapshot): Snapshot =>
    new Proxy(snapshot, {
      get(of, key): unknown {
        if (key === 'nodes' || key === 'pods') throw new Error(`all ${key} are listed`);
        return Reflect.get(of, key);
      },
    });
  const large = unlisted(rack(60));

  test.each([show, verify, config])('lists neither all nodes nor all pods: $verb', async (command) => {
    const handler = command.read({ verb: command.verb, args: [nodeName(7)], flags: {} });
    if (isRefusal(handler)) throw new Error(handler.sentence);
    const silent = async (): Promise<ImishOutcome> => ({ ok: false, why: 'it is not asked here' });
    const answer = await handler(sandboxTarget(), { ...clusterOf(large, large), imish: silent });
    expect(isRefusal(answer) ? answer.sentence : answer.title).toContain(nodeName(7));
  });

  test.each([
    [rotate, [nodeName(7), '10.20.9.9']],
    [rotate, ['10.20.1.1=10.20.9.9']],
    [add, [nodeName(7), '10.20.9.9']],
    [remove, [nodeName(7)]],
    [restart, [nodeName(7)]],
  ])('is planned without a list of all nodes or pods: $0.verb $1', (command, args) => {
    const planner = command.read({ verb: command.verb, args, flags: { lookup: 'spk-tor-bgp' } });
    if (isRefusal(planner)) throw new Error(planner.sentence);
    expect(planner(sandboxTarget(), large)).toEqual(planner(sandboxTarget(), rack(60)));
  });
});
