import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from './story.ts';

const NAMESPACE = 'spk-ingress';

describe('what changes', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story?.stop());

  test('add maps a node and restarts nobody', async () => {
    const before = await story.pods();
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    expect(story.card(card)).toContain('No TMM pod is restarted');
    await story.carryOut(card, '✅ succeeded');
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker4')]).toBe('10.20.4.1');
    expect(await story.pods()).toEqual(before);
  });

  test('remove takes a node out, and leaves every other key byte for byte', async () => {
    const before = await story.lookup('spk-tor-bgp');
    const card = await story.propose(ALICE, `remove ${node('worker4')}`);
    await story.carryOut(card, '✅ succeeded');
    const { [node('worker4')]: removed, ...rest } = before ?? {};
    expect(removed).toBe('10.20.4.1');
    expect(await story.lookup('spk-tor-bgp')).toEqual(rest);
  });

  test('add creates a lookup that the Helm values name and the cluster does not have yet', async () => {
    await story.core.deleteNamespacedConfigMap({ name: 'spk-tor-bgp-v6', namespace: NAMESPACE });
    await eventually(async () => expect(await story.ask(ALICE, 'nodes')).toContain('does not exist yet'));
    const card = await story.propose(ALICE, `add ${node('worker1')} 2001:db8:20:1::1`);
    expect(story.card(card)).toContain('new ConfigMap');
    await story.carryOut(card, '✅ succeeded');
    expect(await story.lookup('spk-tor-bgp-v6')).toEqual({ [node('worker1')]: '2001:db8:20:1::1' });
  });

  test('rotate OLD=NEW replaces a router wherever it is mapped, and keeps the style of the value', async () => {
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: NAMESPACE,
      body: [{ op: 'replace', path: `/data/${node('worker3')}`, value: '10.20.3.1 ; 10.20.3.2\n' }],
    });
    const card = await eventually(() => story.propose(ALICE, 'rotate 10.20.3.1=10.20.3.9'));
    await story.carryOut(card, '✅ succeeded');
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker3')]).toBe('10.20.3.9 ; 10.20.3.2\n');
  });

  test('restart replaces the pods of the named nodes, one by one', async () => {
    const before = await story.pods();
    const card = await story.propose(ALICE, `restart ${node('worker1')} ${node('worker2')}`);
    await story.carryOut(card, '✅ succeeded');
    const after = await story.pods();
    expect(after.get(node('worker1'))).not.toBe(before.get(node('worker1')));
    expect(after.get(node('worker2'))).not.toBe(before.get(node('worker2')));
    expect(after.get(node('worker3'))).toBe(before.get(node('worker3')));
  });

  test('restart --all --at-once says that it is an outage, and deletes all pods at the same time', async () => {
    const before = await story.pods();
    const card = await story.propose(ALICE, 'restart --all --at-once');
    expect(story.card(card)).toContain('no traffic passes');
    await story.carryOut(card, '✅ succeeded');
    const after = await story.pods();
    for (const [name, uid] of before) expect(after.get(name)).not.toBe(uid);
  });

  test('--dry-run shows what would happen and asks for nothing', async () => {
    const cards = story.cards().length;
    const told = await story.ask(ALICE, `rotate ${node('worker1')} 10.20.1.9 --dry-run`);
    expect(told).toContain(`+ ${node('worker1')}: 10.20.1.9`);
    expect(story.cards().length).toBe(cards);
  });

  test('changes and status tell what became of them', async () => {
    expect(await story.ask(ALICE, 'changes')).toMatch(/BGP-1 .*succeeded/);
    expect(await story.ask(ALICE, 'status BGP-1')).toContain(`add ${node('worker4')} 10.20.4.1`);
    const history = await story.ask(ALICE, `history ${node('worker4')}`);
    expect(history).toMatch(new RegExp(`BGP-2 +succeeded .*remove ${node('worker4')} +${ALICE} +${BOB}`));
    expect(history).toMatch(/BGP-1 +succeeded/);
    const audit = await story.ask(ALICE, 'audit BGP-1');
    expect(audit).toMatch(/[0-9a-f]{12} +U01ALICE proposed: add .*\(change\.proposed\)/);
    expect(audit).toMatch(/U02BOB approved \(change\.approved\)/);
    expect(audit).toMatch(/succeeded \(change\.succeeded\)/);
    expect(await story.ask(ALICE, 'history worker99')).toContain('No changes of worker99');
  });

  test('a warning says who else writes the ConfigMap, and which node has the same router', async () => {
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: NAMESPACE,
      body: [{ op: 'add', path: '/metadata/annotations', value: { 'meta.helm.sh/release-name': 'spk' } }],
    });
    const card = await eventually(async () => {
      const proposed = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.2.1`);
      expect(story.card(proposed)).toContain('Helm (spk)');
      return proposed;
    });
    expect(story.card(card)).toContain(`also a peer of ${node('worker2')}`);
    await story.press(ALICE, card, 'cancel');
  });

  test('an immutable ConfigMap is refused when it is asked for', async () => {
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp-v6',
      namespace: NAMESPACE,
      body: [{ op: 'add', path: '/immutable', value: true }],
    });
    await eventually(async () => {
      const told = await story.ask(BOB, `rotate ${node('worker1')} 2001:db8:20:1::9 --dry-run`);
      expect(told).toContain('lookup_immutable');
    });
  });

  test('a ConfigMap that would pass 1 MiB is refused when it is asked for', async () => {
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: NAMESPACE,
      body: [{ op: 'add', path: '/data/ballast', value: 'x'.repeat(1024 * 1024 - 250) }],
    });
    await eventually(async () => {
      const many = Array.from({ length: 20 }, (_, index) => `10.20.4.${index + 1}`).join(',');
      expect(await story.ask(ALICE, `add ${node('worker4')} ${many} --dry-run`)).toContain(
        'lookup_too_large',
      );
    });
  });
});
