import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, node, refusedWith, type Story, startStory } from './story.ts';

const ROTATE = `rotate ${node('worker1')} 10.20.1.9`;
const ADD = `add ${node('worker4')} 10.20.4.1`;

/** Changes need one of network (Bob) and one of platform (Carol, and Bob as well); leads may break the glass. */
function twoGroups(): string {
  const policy = parse(sandboxPolicy());
  policy.groups.network = { users: ['U02BOB'] };
  policy.groups.platform = { users: ['U02BOB', 'U03CAROL'] };
  policy.rules[0].approve = { network: 1, platform: 1 };
  return stringify(policy);
}

describe('approval by one of each of two groups', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ policy: twoGroups() });
  });
  afterAll(() => story.stop());

  test('lesson 5: N distinct humans; the same one never counts twice; the card says "1 of 2"', async () => {
    const card = await story.propose(ALICE, ADD);
    expect(story.card(card)).toContain('(0 of 2)');
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('(1 of 2)'));
    expect(story.card(card)).toMatch(/\*Approvals 1 of 2\*, missing: 1 of (platform|network)/);
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('already_decided_by_you'));
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker4')]).toBeUndefined();
    await story.press(CAROL, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect(story.card(card)).toMatch(/approved by <@U02BOB>.*approved by <@U03CAROL>/);
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker4')]).toBe('10.20.4.1');
  });

  test('somebody of both groups, who came second, moves over for somebody who fits only one', async () => {
    const card = await story.propose(ALICE, `remove ${node('worker4')}`);
    await story.press(CAROL, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('missing: 1 of network'));
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
  });

  test('an approver who asks leaves a seat that nobody can fill, so that it is refused when it is made', async () => {
    expect(await story.ask(BOB, ADD)).toMatch(refusedWith('nobody_can_approve'));
  });

  test('the identical plan asked again keeps the approvals that it was given', async () => {
    const first = await story.propose(ALICE, ROTATE);
    await story.press(CAROL, first, 'approve');
    await eventually(() => expect(story.card(first)).toContain('(1 of 2)'));
    const second = await story.propose(ALICE, ROTATE);
    expect(story.card(second)).toContain('(1 of 2)');
    expect(story.card(second)).toContain(`carried over from the identical plan of ${first.id}`);
    const other = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.2`);
    expect(story.card(other)).toContain('(0 of 2)');
    for (const card of [first, second, other]) await story.press(ALICE, card, 'cancel');
    await eventually(() => expect(story.card(other)).toContain('withdrawn'));
  });
});

describe('on a card', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.stop());

  test('when Slack cannot be asked who somebody is, the answer is no; a minute later it may be yes', async () => {
    const card = await story.propose(ALICE, ROTATE);
    story.slack.control.fault({ method: 'users.info', times: 1, error: 'fatal_error' });
    expect(await story.pressAndHear(CAROL, card, 'approve')).toMatch(refusedWith('people_unreachable'));
    await story.press(CAROL, card, 'cancel');
    await eventually(() => expect(story.card(card)).toContain('withdrawn by <@U03CAROL>'));
  });

  test('a slash command that is not ours is answered, and is a record', async () => {
    const { control } = story.slack;
    await control.command({ channel: 'C01CHANGES', user: ALICE, command: '/other', text: 'show' });
    await eventually(() => expect(story.audit()).toContain('<@U01ALICE> was refused: `/other`'));
    const told = control.messages('C01CHANGES').findLast(({ ephemeral_to: to }) => to === ALICE);
    expect(told?.text).toContain('This app handles /bgp, not /other');
  });

  test('lesson 13: a modal opens first as "loading" and is filled after', async () => {
    const card = await story.propose(ALICE, ROTATE);
    const dialog = await story.dialog(BOB, card, 'reject');
    expect(dialog.text).toContain('+ worker1.rack.example.com: 10.20.1.9');
    expect(dialog.text).toContain('Reason (the card shows it)');
    const calls = story.slack.control.log().map((line) => JSON.stringify(line));
    const opened = calls.findIndex((line) => line.includes('views.open'));
    expect(opened).toBeGreaterThan(-1);
    expect(calls.findIndex((line) => line.includes('views.update'))).toBeGreaterThan(opened);
    await dialog.submit('not before *Monday* <!channel>');
    await eventually(() => expect(story.card(card)).toContain('⛔ rejected'));
    expect(story.card(card)).toContain('not before *Monday* <!channel>');
    expect(story.thread(card)).not.toContain('<!channel>');
  });

  test('who may not reject is told so in the dialog and in the channel, before being asked for a reason', async () => {
    const card = await story.propose(ALICE, ROTATE);
    const heard = story.slack.control.messages('C01CHANGES').length;
    const dialog = await story.dialog(ALICE, card, 'reject');
    expect(dialog.text).toContain('somebody else has to decide it');
    await eventually(() => expect(story.slack.control.messages('C01CHANGES').length).toBeGreaterThan(heard));
    await story.press(ALICE, card, 'cancel');
  });

  test('lesson 2: a stale plan is refused at the click, the card shows the new difference, and is asked again from there', async () => {
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    const { metadata } = (await story.core.listNamespacedConfigMap({ namespace: 'spk-ingress' })).items.find(
      (one) => one.metadata?.name === 'spk-tor-bgp',
    ) ?? { metadata: {} };
    const body = [{ op: 'replace', path: `/data/${node('worker2')}`, value: '10.20.2.2' }];
    await story.core.patchNamespacedConfigMap({
      name: metadata?.name ?? '',
      namespace: 'spk-ingress',
      body,
    });
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('stale_plan'));
    await eventually(() => expect(story.card(card)).toContain('- worker2.rack.example.com: 10.20.2.2'));
    expect(story.card(card)).toContain('Request again');
    const known = new Set(story.cards().map(({ ts }) => ts));
    await story.press(CAROL, card, 're-request');
    const again = await eventually(() => {
      const found = story.cards().find(({ ts }) => !known.has(ts));
      if (found === undefined) throw new Error('no new card');
      return { id: /BGP-\d+/.exec(found.text)?.[0] ?? '', ts: found.ts };
    });
    expect(story.card(again)).toContain('- worker2.rack.example.com: 10.20.2.2');
    expect(story.card(again)).toContain('<@U03CAROL> · ');
    // Whoever worded the plan first is an author of it still, and counts for nothing.
    expect(await story.pressAndHear(ALICE, again, 'approve')).toMatch(refusedWith('own_change'));
    await story.press(CAROL, again, 'cancel');
  });

  test('what was checked and found well stands on it, with everything an approver wants to know', async () => {
    const card = await story.propose(ALICE, `${ROTATE} --reason new router`);
    const shown = story.card(card);
    for (const part of [
      /<@U01ALICE> · /,
      /“new router/,
      /- worker1\.rack\.example\.com: 10\.20\.1\.1/,
      /↻ worker1\.rack\.example\.com\n {2}f5-tmm-\S+\n {2}✓ 10\.20\.1\.1 drops\n {4}Established/,
      /now: ✓ Established/,
      /1 of 3 TMM pods/,
      /checks passed: .*no other node has the new peers/,
      /\*Approvals 0 of 1\*/,
      /expires <!date/,
      /fingerprint [0-9a-f]{12}/,
    ])
      expect(shown).toMatch(part);
    await story.press(ALICE, card, 'cancel');
  });
});
