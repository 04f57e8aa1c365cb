import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, node, type Story, startStory } from './story.ts';

function watchfulPolicy(): string {
  const policy = parse(sandboxPolicy());
  policy.targets[0].watchEvery = '1s';
  return stringify(policy);
}

describe('between changes', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: watchfulPolicy() });
  });
  afterAll(() => story?.stop());

  const write = (short: string, value: string) =>
    story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'replace', path: `/data/${node(short)}`, value }],
    });
  const told = (words: string): number => story.audit().split(words).length - 1;

  test('a session that goes down is told once, and once when it is over', async () => {
    story.routers.set('10.20.3.2', false);
    const down = `${node('worker3')}: the session with 10.20.3.2 is down`;
    await eventually(() => expect(told(`👀 ${down}`)).toBe(1));
    // Once the next one is told, the first has been looked at again.
    story.routers.set('10.20.1.1', false);
    const next = `${node('worker1')}: the session with 10.20.1.1 is down`;
    await eventually(() => expect(told(`👀 ${next}`)).toBe(1));
    expect(told(`👀 ${down}`)).toBe(1);
    story.routers.set('10.20.3.2', true);
    story.routers.set('10.20.1.1', true);
    await eventually(() => {
      for (const one of [down, next]) expect(told(`👌 resolved: ${one}`)).toBe(1);
    });
  }, 120_000);

  test('a mapping that somebody else changed is told, with what it was and what it is', async () => {
    await write('worker2', '10.20.2.2');
    await eventually(() => {
      expect(story.audit()).toContain(
        `somebody else changed ${node('worker2')} in spk-tor-bgp: from 10.20.2.1 to 10.20.2.2`,
      );
    });
  });

  test('a mapping that the bot changed is not told as somebody else’s', async () => {
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.carryOut(card, '✅ succeeded');
    // What somebody else writes afterwards is told, so that the bot's own has been looked at.
    await write('worker2', '10.20.2.3');
    const edit = `somebody else changed ${node('worker2')} in spk-tor-bgp: from 10.20.2.2 to 10.20.2.3`;
    await eventually(() => expect(story.audit()).toContain(edit));
    expect(story.audit()).not.toContain(`somebody else changed ${node('worker4')}`);
  });

  test('a value that the bot once wrote, put back by hand, is told with who did it', async () => {
    const edit = (value: string) =>
      story.core.patchNamespacedConfigMap({
        name: 'spk-tor-bgp',
        namespace: 'spk-ingress',
        body: [{ op: 'replace', path: `/data/${node('worker4')}`, value }],
        fieldManager: 'kubectl-edit',
      });
    for (const [from, to] of [
      ['10.20.4.1', '10.20.4.2'],
      ['10.20.4.2', '10.20.4.1'],
    ] as const) {
      await edit(to);
      await eventually(() => {
        expect(story.audit()).toContain(
          `somebody else changed ${node('worker4')} in spk-tor-bgp: from ${from} to ${to} by kubectl-edit at `,
        );
      });
    }
  });

  test('a mapping of a node that is not there, and a TMM on a node that no lookup maps, are told', async () => {
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [
        { op: 'add', path: '/data/worker9.rack.example.com', value: '10.20.9.1' },
        { op: 'remove', path: `/data/${node('worker3')}` },
      ],
    });
    await eventually(() => {
      expect(story.audit()).toContain(
        'spk-tor-bgp maps worker9.rack.example.com, but the cluster has no such node.',
      );
      expect(story.audit()).toContain(`A TMM pod runs on ${node('worker3')}, which no lookup maps`);
    });
  });
});
