import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, AUDIT, BOB, CHANGES, MALLORY, node, refusedWith, type Story, startStory } from './story.ts';

describe('queries', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
    await eventually(async () => expect(await story.ask(ALICE, 'verify')).toContain('all 17 checks passed'));
  });
  afterAll(() => story?.stop());

  test('help lists what somebody may do, and one command with its examples', async () => {
    const told = await story.ask(ALICE, 'help');
    for (const verb of ['show', 'verify', 'rotate', 'add', 'remove', 'restart', 'cancel'])
      expect(told).toContain(verb);
    expect(await story.ask(ALICE, 'help rotate')).toContain('rotate worker1.rack.example.com 10.20.1.9');
    const menu = await story.ask(ALICE, '');
    for (const words of ['Rotate…', 'Show', 'Type help for all commands']) expect(menu).toContain(words);
  });

  test('nodes shows every node, its mapping and its TMM pods', async () => {
    const told = await story.ask(ALICE, 'nodes');
    expect(told).toMatch(/worker1\.rack\.example\.com +Ready +spk-tor-bgp, spk-tor-bgp-v6 +f5-tmm-/);
    expect(told).toMatch(/worker4\.rack\.example\.com +Ready +- +-/);
  });

  test('values prints what Helm has, with every password left out', async () => {
    const told = await story.ask(ALICE, 'values');
    expect(told).toContain('nodeLookup: spk-tor-bgp');
    expect(told).toContain('ebgpMultihop: 100');
    expect(told).not.toMatch(/password: \S/);
  });

  test('config prints the running-config of a node', async () => {
    const told = await story.ask(ALICE, `config ${node('worker3')}`);
    expect(told).toContain('router bgp 64443');
    expect(told).toContain('neighbor 10.20.3.2 peer-group spk-peers');
    expect(await story.ask(ALICE, `config ${node('worker4')}`)).toMatch(refusedWith('no_tmm_pods'));
  });

  test('show tells mapping, node, pods and each session, live', async () => {
    const told = await story.ask(ALICE, `show ${node('worker1')}`);
    expect(told).toMatch(/10\.20\.1\.1 +Established, 2 prefixes/);
    expect(told).toMatch(/2001:db8:20:1::1 +Established, 2 prefixes/);
  });

  test('a session that is down is shown with its state and a hint, and verify fails on it', async () => {
    story.routers.set('10.20.3.2', false);
    await eventually(async () => {
      const told = await story.ask(ALICE, `show ${node('worker3')}`);
      expect(told).toMatch(/10\.20\.3\.2 +(Idle|Active|Connect)/);
      expect(told).toMatch(/10\.20\.3\.1 +Established/);
    });
    expect(await story.ask(ALICE, `verify ${node('worker3')}`)).toContain('❌');
    story.routers.set('10.20.3.2', true);
    await eventually(async () => expect(await story.ask(ALICE, 'verify')).toContain('all 17 checks passed'));
  });

  test('a peer that was mapped after its TMM started is absent, not down', async () => {
    const plan = await story.ask(ALICE, `rotate ${node('worker2')} 10.20.2.1,10.20.2.2 --dry-run`);
    expect(plan).toContain(`+ ${node('worker2')}: 10.20.2.1,10.20.2.2`);
    expect(story.cards()).toEqual([]);
    await story.core.patchNamespacedConfigMap({
      name: 'spk-tor-bgp',
      namespace: 'spk-ingress',
      body: [{ op: 'replace', path: `/data/${node('worker2')}`, value: '10.20.2.1,10.20.2.2' }],
    });
    expect(await story.ask(ALICE, `show ${node('worker2')}`)).toMatch(/10\.20\.2\.2 +absent/);
    expect(await story.ask(ALICE, 'verify')).toContain('10.20.2.2');
  });

  test.each([
    ['of the cluster', `show ${node('worker3')} --public`, '10.20.3.2'],
    ['of what the bot has', 'changes --public', 'changes'],
    ['for help', 'help rotate --public', 'rotate worker1.rack.example.com'],
  ])(
    'a question %s with --public is answered to the channel, by name of who asked',
    async (_, text, said) => {
      const { control } = story.slack;
      const inChannel = () =>
        control.messages(CHANGES).filter((message) => message.ephemeral_to === undefined);
      const before = inChannel().length;
      await control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text });
      await eventually(() => expect(inChannel().length).toBeGreaterThan(before));
      const answer = inChannel().at(-1);
      expect(answer?.text).toContain(`<@${ALICE}> asked`);
      expect(JSON.stringify(answer?.blocks)).toContain(said);
    },
  );

  test('a refusal of a public question is for the asker alone, and so is what --public does not go with', async () => {
    expect(await story.ask(ALICE, 'show worker77 --public')).toMatch(refusedWith('unknown_node'));
    expect(await story.ask(ALICE, 'whoami --public')).toMatch(refusedWith('unknown_flag'));
    expect(await story.ask(ALICE, `remove ${node('worker1')} --public`)).toMatch(refusedWith('unknown_flag'));
    expect(await story.ask(ALICE, 'help --public', AUDIT)).toMatch(refusedWith('channel_not_listed'));
  });

  test('whoami tells everybody what they may do, and the denied why not', async () => {
    expect(await story.ask(ALICE, 'whoami')).toMatch(/rotate +yes +no/);
    expect(await story.ask(BOB, 'whoami')).toMatch(/rotate +yes +yes/);
    expect(await story.ask(MALLORY, 'whoami')).toContain('You may do nothing here');
    expect(await story.ask(MALLORY, 'show')).toMatch(refusedWith('guest'));
  });

  test('each question and each answer is told to the audit channel', async () => {
    await eventually(() => {
      // Told once, with its answer.
      expect(story.audit()).not.toContain(`<@${ALICE}> asked: show`);
      expect(story.audit()).toContain(`answered <@${ALICE}>: show`);
      expect(story.audit()).toMatch(/ · #\d+ [0-9a-f]{20}$/m);
    });
  });
});
