import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CAROL, MALLORY, node, refusedWith, type Story, startStory } from './story.ts';

const ADD = `add ${node('worker4')} 10.20.4.1`;
const REMOVE = `remove ${node('worker4')}`;

describe('a freeze that somebody declares', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
  });
  afterAll(() => story.stop());

  test('forbids asking and approving at once, says why and by whom, and ends with unfreeze', async () => {
    const open = await story.propose(ALICE, ADD);
    expect(await story.ask(BOB, 'freeze core routers are being replaced')).toContain('are frozen now');
    const refused = await story.ask(ALICE, REMOVE);
    expect(refused).toMatch(refusedWith('frozen'));
    expect(refused).toContain(`core routers are being replaced (<@${BOB}>, <!date^`);
    expect(await story.pressAndHear(CAROL, open, 'approve')).toMatch(refusedWith('frozen'));
    expect(await story.ask(ALICE, 'changes')).toContain('rack is frozen: core routers are being replaced');
    expect(await story.ask(ALICE, 'show')).toContain('10.20.1.1');
    expect(await story.ask(CAROL, 'unfreeze')).toContain('The freeze of');
    expect(await story.ask(CAROL, 'unfreeze')).toMatch(refusedWith('not_frozen'));
    await story.carryOut(open, '✅ succeeded');
    await eventually(() => expect(story.audit()).toContain('froze all targets'));
    await eventually(() => expect(story.audit()).toContain('lifted the freeze'));
  });

  test('is for those whom a rule names the verb for, and wants a reason', async () => {
    expect(await story.ask(ALICE, 'freeze because')).toMatch(refusedWith('not_allowed'));
    expect(await story.ask(MALLORY, 'freeze because')).toMatch(refusedWith('guest'));
    expect(await story.ask(BOB, 'freeze')).toMatch(refusedWith('missing_argument'));
    expect(await story.ask(BOB, 'freeze --target rak no')).toMatch(refusedWith('unknown_target'));
  });

  test('halts a running change before its next effect; it goes on after unfreeze', async () => {
    story.routers.set('10.20.2.9', false);
    const card = await story.propose(ALICE, `rotate 10.20.2.1=10.20.2.9 10.20.3.1=10.20.3.9`);
    await story.press(BOB, card, 'approve');
    await eventually(() => expect(story.card(card)).toContain('→ 10.20.2.9 is '));
    await story.ask(BOB, 'freeze --target rack incident 4711');
    story.routers.set('10.20.2.9', true);
    await eventually(() => expect(story.card(card)).toContain('🛑 halted'));
    expect(story.card(card)).toContain('Somebody froze rack: incident 4711');
    expect((await story.lookup('spk-tor-bgp'))?.[node('worker3')]).toBe('10.20.3.1,10.20.3.2');
    expect(await story.pressAndHear(ALICE, card, 'resume')).toMatch(refusedWith('frozen'));
    await story.ask(BOB, 'unfreeze --target rack');
    await story.press(ALICE, card, 'resume');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
  });
});

describe('a freeze of the calendar', () => {
  let story: Story;
  beforeAll(async () => {
    const policy = parse(sandboxPolicy());
    const reason = 'year-end';
    policy.freezes = [{ reason, timeZone: 'UTC', from: '2020-01-01 00:00', to: '2099-01-01 00:00' }];
    story = await startStory({ policy: stringify(policy) });
  });
  afterAll(() => story.stop());

  test('refuses a change when it is asked for, and says until when', async () => {
    const refused = await story.ask(ALICE, ADD);
    expect(refused).toMatch(refusedWith('frozen'));
    expect(refused).toContain(
      'year-end (until <!date^4070908800^{date_short_pretty} {time}|2099-01-01 00:00 UTC>)',
    );
    expect(await story.ask(ALICE, `${ADD} --dry-run`)).toContain('+ worker4.rack.example.com: 10.20.4.1');
  });

  test('lesson 4: nobody approves their own change; break-glass exists, needs a reason, and is loud', async () => {
    expect(await story.ask(ALICE, `${ADD} --break-glass`)).toMatch(refusedWith('not_allowed'));
    const card = await story.propose(BOB, `${ADD} --break-glass`);
    expect(await story.pressAndHear(BOB, card, 'approve')).toMatch(refusedWith('own_change'));
    expect(await story.pressAndHear(CAROL, card, 'approve')).toMatch(refusedWith('frozen'));
    const denied = await story.dialog(ALICE, card, 'break-glass');
    expect(denied.text).toContain('You may not use break-glass');
    const dialog = await story.dialog(BOB, card, 'break-glass');
    expect(dialog.text).toContain('+ worker4.rack.example.com: 10.20.4.1');
    expect(dialog.text).toContain('Every channel gets an alert');
    await dialog.submit('router r1 is dead');
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect(story.card(card)).toContain('*Break-glass* used by <@U02BOB>');
    expect(story.card(card)).toContain('`router r1 is dead`');
    expect(story.card(card)).toContain('Not reviewed yet');
    const alertBreakGlass = () =>
      story.slack.control.messages('C01CHANGES').filter(({ text }) => text.includes('🚨 Break-glass'));
    await eventually(() => expect(alertBreakGlass()).toHaveLength(1));
    await eventually(() => expect(story.audit()).toContain('used break-glass'));
    expect(await story.ask(ALICE, 'changes')).toContain('break-glass not reviewed');

    expect(await story.pressAndHear(BOB, card, 'review')).toMatch(refusedWith('own_change'));
    expect(await story.pressAndHear(ALICE, card, 'review')).toMatch(refusedWith('not_an_approver'));
    await story.press(CAROL, card, 'review');
    await eventually(() => expect(story.card(card)).toContain('Reviewed by <@U03CAROL>'));
    expect(story.card(card)).not.toContain('I reviewed it');
  });

  test('breaking the glass by command takes a second click, which shows the difference again', async () => {
    const card = await story.propose(BOB, `${REMOVE} --break-glass`);
    expect(await story.ask(BOB, `break-glass ${card.id}`)).toMatch(refusedWith('missing_argument'));
    const asked = await story.ask(BOB, `break-glass ${card.id} the node is gone`);
    expect(asked).toContain('- worker4.rack.example.com: 10.20.4.1');
    expect(asked).toContain('Why: the node is gone');
    expect(story.card(card)).toContain('🕓 proposed');
    const confirm = story.slack.control.messages('C01CHANGES').findLast(({ ephemeral_to: to }) => to === BOB);
    await story.slack.control.interact({
      channel: 'C01CHANGES',
      messageTs: confirm?.ts ?? '',
      user: BOB,
      action: { action_id: 'confirmed break-glass', block_id: 'confirm' },
    });
    await eventually(() => expect(story.card(card)).toContain('✅ succeeded'));
    expect(story.card(card)).toContain('`the node is gone`');
    const { control } = story.slack;
    const review = {
      channel: 'C01CHANGES',
      user: CAROL,
      command: '/bgp',
      text: `review ${card.id} fine by me`,
    };
    const told = () => control.messages('C01CHANGES').filter(({ ephemeral_to: to }) => to === CAROL).length;
    const before = told();
    expect(await control.command(review)).toMatchObject({ ok: true });
    await eventually(() => expect(story.card(card)).toContain('fine by me'));
    expect(told()).toBe(before);
  });
});
