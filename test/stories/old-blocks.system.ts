import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CHANGES, node, type Story, startStory } from './story.ts';

describe.each(['old', 'all'] as const)('in a workspace that knows %s blocks', (knownBlocks) => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory({ knownBlocks });
  });
  afterAll(() => story?.stop());

  test('a card is proposed, approved and followed to its end', async () => {
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1 --reason "new rack"`);
    expect(story.card(card)).toContain(`+ ${node('worker4')}: 10.20.4.1`);
    const ended = await story.carryOut(card, '✅ succeeded');
    expect(ended).toContain('“new rack”');
  });

  test('a query is answered with its table', async () => {
    const told = await story.ask(ALICE, 'nodes');
    expect(told).toMatch(/worker1\.rack\.example\.com +Ready +spk-tor-bgp, spk-tor-bgp-v6 +f5-tmm-/);
  });

  test('the Home tab is published', async () => {
    await story.slack.control.event({ type: 'app_home_opened', user: BOB, channel: 'D01', tab: 'home' });
    await eventually(() =>
      expect(JSON.stringify(story.slack.control.views(BOB).home?.blocks ?? [])).toContain('Last changes'),
    );
  });

  test('a form opens from the menu, and a dialog from a card', async () => {
    const { control } = story.slack;
    await story.ask(ALICE, '');
    const menu = control.messages(CHANGES).findLast(({ ephemeral_to: to }) => to === ALICE);
    const action = { block_id: 'menu open', action_id: 'open rotate' };
    const click = { channel: CHANGES, messageTs: menu?.ts ?? '', user: ALICE, action };
    expect(await control.interact(click)).toMatchObject({ ok: true });
    await eventually(() =>
      expect(control.views(ALICE).views.at(-1)).toMatchObject({ callback_id: 'form rotate' }),
    );
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    expect((await story.dialog(BOB, card, 'reject')).text).toContain('Reason (the card shows it)');
  });

  test('Slack refused no block, so that nothing went out in plain ones', async () => {
    const log = await readFile(join(dirname(story.env.POLICY_FILE ?? ''), 'bot.log'), 'utf8');
    expect(log).not.toContain('Slack refused the blocks');
    expect(JSON.stringify(story.slack.control.log())).not.toContain('invalid_blocks');
  });
});
