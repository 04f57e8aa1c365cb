import { describe, expect, test } from '@jest/globals';
import { cardMessage } from '../../../src/adapters/slack/blocks/card-blocks.ts';
import type { Answer } from '../../../src/domain/answer.ts';
import type { Change } from '../../../src/domain/change/change.ts';
import { impactWarnings } from '../../../src/domain/change/impact-warnings.ts';
import type { ImishOutcome } from '../../../src/ports/cluster.ts';
import { readingOf } from '../../adapters/slack/blocks/as-slack-sees.ts';
import { ROTATE } from '../../doubles/halted-rotation.ts';
import { LOOKUPS, NODES } from '../../doubles/sample-policy.ts';
import { openWorld, type World } from '../../doubles/world.ts';

const [WORKER1 = '', WORKER2 = ''] = NODES;
/** How long one reading serves other proposals. */
const SHARED_MS = 1_000;
const IPV6 = '2001:db8:20:1::1';

const ONE_WITH_IPV6 = { ...LOOKUPS, 'spk-tor-bgp-v6': { [WORKER1]: '2001:db8:20:1::1' } };

describe('who approves sees what is live', () => {
  test('lesson 69: each session that drops, since when, and who else carries meanwhile', async () => {
    const world = await openWorld();
    world.cluster.edit('spk-tor-bgp-v6', WORKER2, '2001:db8:20:2::1');
    await restarted(world, WORKER2);
    const change = await world.alice.propose(ROTATE);
    expect(card(change)).toContain(
      [
        `↻ ${WORKER1}`,
        '  f5-tmm-1',
        '  ✓ 10.20.1.1 drops',
        '    Established 2 h, 2 prefixes',
        `  ✓ ${IPV6} drops, comes back`,
        '    Established 2 h, 2 prefixes',
      ].join('\n'),
    );
    expect(card(change)).toContain(`- ${WORKER1}: 10.20.1.1   now: ✓ Established 2 h, 2 prefixes\n`);
    expect(card(change)).toContain(
      `Meanwhile worker2, worker3 keep carrying IPv4; worker2 keeps carrying IPv6.\nAlso drops ${IPV6} (✓ up), comes back.`,
    );
    expect(card(change)).toContain('another TMM carries traffic meanwhile');
    expect(warnings(change)).toEqual([]);
    expect(await world.change(change.id)).toEqual(change);
    expect(world.store.trail[0]?.data).toMatchObject({ impact: change.impact });
  });

  test('lesson 69: the sessions there are, not those of the mapping, and that they differ', async () => {
    const world = await openWorld();
    world.cluster.edit('spk-tor-bgp', WORKER1, '10.20.1.7');
    const change = await world.alice.propose(ROTATE);
    expect(card(change)).toContain('✓ 10.20.1.1 drops\n    Established 59 min, 2 prefixes, not mapped');
    expect(card(change)).toContain(
      '✗ 10.20.1.7 is not a peer of this pod\n    mapped, but not configured in it',
    );
    expect(warnings(change)).toContain(
      'The mapping is not what runs: worker1 peers with 10.20.1.1, not with 10.20.1.7 as mapped.',
    );
  });

  test('lesson 69: a new router that is down is told before anybody approves', async () => {
    const world = await openWorld();
    world.cluster.routers.set('10.20.2.1', 'down');
    const change = await world.alice.propose(`rotate ${WORKER1} 10.20.2.1`);
    expect(warnings(change)).toContain(
      '10.20.2.1, the new peer of worker1, is down already: worker2 → 10.20.2.1 is Active.',
    );
  });

  test('lesson 69: what is down already is a warning, and more so where it has to come back', async () => {
    const world = await openWorld();
    world.cluster.routers.set('10.20.1.1', 'down');
    const leaving = await world.alice.propose(ROTATE);
    expect(card(leaving)).toContain('✗ 10.20.1.1 is down already, goes\n    Active');
    expect(warnings(leaving)).toContain(
      'Down already, and no longer a peer after this: worker1 → 10.20.1.1 (Active).',
    );
    world.cluster.routers.set(IPV6, 'down');
    await world.clock.advance(SHARED_MS);
    const staying = await world.alice.propose(ROTATE);
    expect(warnings(staying)).toContain(
      `Down already: worker1 → ${IPV6} (Active). The change halts unless it is up after the restart.`,
    );
    expect(card(staying)).toContain('It has no Established session now: it carries no traffic.');
  });

  test('that nobody else carries a family stands on the card, and no check says otherwise', async () => {
    const world = await openWorld({ cluster: { lookups: ONE_WITH_IPV6 } });
    const change = await world.alice.propose(ROTATE);
    expect(card(change)).toContain('worker2, worker3 keep carrying IPv4; no other TMM carries IPv6.');
    expect(warnings(change)).toEqual([
      'No TMM but worker1 carries IPv6 now: IPv6 traffic would stop, so the change halts before the restart.',
    ]);
    expect(card(change)).not.toContain('carries traffic meanwhile');
    const outage = await world.alice.propose(`${ROTATE} --allow-outage`);
    expect(warnings(outage)).toEqual([
      'No TMM but worker1 carries IPv6 now: IPv6 traffic stops while it restarts.',
    ]);
  });

  test('pods that restart one by one carry for each other; all at once they do not', async () => {
    const world = await openWorld({ cluster: { lookups: ONE_WITH_IPV6 } });
    const turns = await world.alice.propose('restart --all');
    expect(card(turns)).toContain('Meanwhile the others carry IPv4, while one restarts');
    const together = await world.alice.propose('restart --all --at-once');
    expect(card(together)).toContain('Meanwhile no other TMM carries IPv4 or IPv6.');
  });

  test('a dry run and status show it as well; status no longer once it is over', async () => {
    const world = await openWorld();
    const drawn = '✓ 10.20.1.1 drops\n    Established 59 min, 2 prefixes';
    const dry = await world.alice.submit(`${ROTATE} --dry-run`);
    if (dry.kind !== 'answer') throw new Error(dry.kind);
    expect(textOf(dry.answer)).toContain(drawn);
    const change = await world.alice.propose(ROTATE);
    expect(await status(world, change)).toContain(drawn);
    await world.alice.decide('cancel', change);
    expect(await status(world, change)).not.toContain(drawn);
    expect(card(await world.change(change.id))).not.toContain(drawn);
  });
});

describe('what was live', () => {
  test('is no part of the digest: the plan is the same whatever routers do', async () => {
    const world = await openWorld();
    const up = await world.alice.propose(ROTATE);
    world.cluster.routers.set('10.20.1.1', 'down');
    await world.clock.advance(SHARED_MS);
    const down = await world.alice.propose(ROTATE);
    expect(down.impact).not.toEqual(up.impact);
    expect(down.digest).toBe(up.digest);
  });

  test('is not asked for where nothing restarts', async () => {
    const world = await openWorld();
    const change = await world.alice.propose(`add worker3.rack.example.com 2001:db8:20:3::1`);
    expect(change.impact).toBeUndefined();
    expect(world.cluster.calls.has('imish')).toBe(false);
  });

  test('that cannot be read is unknown, and said to be', async () => {
    const world = await openWorld();
    world.cluster.execTrouble.set('f5-tmm-1', 'exec is forbidden');
    const change = await world.alice.propose(ROTATE);
    expect(card(change)).toContain('  f5-tmm-1\n  ? its sessions are unknown: exec is forbidden');
    expect(warnings(change)).toEqual(['The sessions of worker1 are unknown (exec is forbidden).']);
    expect(card(change)).not.toContain('Meanwhile');

    world.cluster.execTrouble.clear();
    await world.clock.advance(SHARED_MS);
    for (const other of ['f5-tmm-2', 'f5-tmm-3']) world.cluster.execTrouble.set(other, 'exec is forbidden');
    const alone = await world.alice.propose(ROTATE);
    expect(card(alone)).toContain('Meanwhile it is unknown whether another TMM carries IPv4 and IPv6.');
    expect(warnings(alone)).toContain(
      'Whether another TMM than worker1 carries IPv4 is unknown (the sessions of worker2, worker3 are unknown: exec is forbidden).',
    );
  });

  test('is waited for five seconds, and the change is proposed with what was read by then', async () => {
    const world = await openWorld();
    const { imish } = world.cluster;
    world.cluster.imish = (pod, command) =>
      pod.name === 'f5-tmm-1' ? new Promise<ImishOutcome>(() => {}) : imish(pod, command);
    const proposing = world.alice.propose(ROTATE);
    await world.clock.advance(4_900);
    expect(world.store.trail).toEqual([]);
    await world.clock.advance(100);
    const change = await proposing;
    expect(card(change)).toContain('  f5-tmm-1\n  ? its sessions are unknown: no answer within 5 s');
    expect(change.impact?.pods.map(({ unread }) => unread === undefined)).toEqual([false, true, true]);
  });

  test('is read once for proposals that come within a second', async () => {
    const world = await openWorld();
    await world.alice.propose(ROTATE);
    const once = world.cluster.calls.get('imish');
    await world.alice.propose(ROTATE);
    expect(world.cluster.calls.get('imish')).toBe(once);
    await world.clock.advance(SHARED_MS);
    await world.alice.propose(ROTATE);
    expect(world.cluster.calls.get('imish')).toBe(2 * (once ?? 0));
  });

  test('leaves no timer behind', async () => {
    const world = await openWorld();
    const before = world.clock.waiting();
    await world.alice.propose(ROTATE);
    expect(world.clock.waiting()).toBe(before);
  });

  const manyNodes = Array.from({ length: 60 }, (_, at) => `worker${at + 1}.rack.example.com`);
  const manyLookups = {
    ...LOOKUPS,
    'spk-tor-bgp': Object.fromEntries(manyNodes.map((name, at) => [name, `10.20.${at + 1}.1`])),
    'spk-tor-bgp-v6': {},
  };
  const large = (): Promise<World> => openWorld({ cluster: { nodes: manyNodes, lookups: manyLookups } });

  test('is read of three pods at a time and of a few others only, in a large target', async () => {
    const world = await large();
    const { imish } = world.cluster;
    const asked = new Set<string>();
    const busy = new Set<string>();
    let most = 0;
    world.cluster.imish = async (pod, command) => {
      asked.add(pod.name);
      busy.add(pod.name);
      most = Math.max(most, busy.size);
      await world.clock.sleep(50);
      busy.delete(pod.name);
      return imish(pod, command);
    };
    const proposing = world.alice.propose(ROTATE);
    await world.clock.advance(4_000);
    const change = await proposing;
    expect(most).toBeLessThanOrEqual(3);
    expect(asked.size).toBeLessThanOrEqual(6);
    expect(card(change)).toMatch(
      /Meanwhile worker\d+, worker\d+, worker\d+ .*keep carrying IPv4\. 5\d other TMM pods were not read\./,
    );
  });

  test('is read of twenty pods at most, and the others are said not to have been looked at', async () => {
    const world = await large();
    const change = await world.alice.propose('restart --all');
    expect(change.impact?.pods).toHaveLength(20);
    expect(warnings(change)).toEqual(['The sessions of 40 more TMM pods that restart were not read.']);
    const text = await status(world, change);
    expect(text.match(/\? its sessions were not read/g)).toHaveLength(40);
  });

  test('begins with a pod that knows whether the new router answers', async () => {
    const world = await large();
    world.cluster.routers.set('10.20.60.1', 'down');
    const change = await world.alice.propose(`rotate ${WORKER1} 10.20.60.1`);
    expect(warnings(change)).toContain(
      '10.20.60.1, the new peer of worker1, is down already: worker60 → 10.20.60.1 is Active.',
    );
  });
});

function warnings({ plan, impact }: Change): readonly string[] {
  return impactWarnings(plan, impact).map(({ sentence }) => sentence);
}

function card(change: Change): string {
  return readingOf(cardMessage(change));
}

async function status(world: World, { id }: Change): Promise<string> {
  const reply = await world.alice.submit(`status ${id}`);
  if (reply.kind !== 'answer') throw new Error(reply.kind);
  return textOf(reply.answer);
}

function textOf({ parts }: Answer): string {
  return parts.flatMap((part) => ('text' in part ? [part.text] : [])).join('\n');
}

/** Its TMM pod is replaced, reads the mapping of now, and has been up for an hour. */
async function restarted({ cluster, clock }: World, node: string): Promise<void> {
  const pod = cluster.tmms.pods().find((one) => one.node === node);
  if (pod === undefined) throw new Error(`no TMM pod runs on ${node}`);
  cluster.tmms.remove(pod);
  await clock.advance(60_000);
  cluster.tmms.age(3_600_000);
}
