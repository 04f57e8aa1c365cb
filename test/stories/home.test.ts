import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from './story.ts';

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.stop());

const home = (user: string): string => JSON.stringify(story.slack.control.views(user).home?.blocks ?? []);
const open = (user: string) =>
  story.slack.control.event({ type: 'app_home_opened', user, channel: 'D01', tab: 'home' });

test('the Home tab says what waits for whom, and follows the change to its end', async () => {
  await open(BOB);
  await eventually(() => expect(home(BOB)).toContain('Nothing waits for you'));
  const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
  await eventually(() => expect(home(BOB)).toMatch(/Waits for you.*BGP-\d+/));
  await eventually(() => expect(home(BOB)).toContain('/archives/C01CHANGES/p'));
  await story.press(BOB, card, 'approve');
  await eventually(() => expect(home(BOB)).toMatch(/Nothing waits for you.*Last changes.*✅/));
  expect(story.slack.control.views(ALICE).home).toBeNull();
});

test('a button of the tab asks as if the command had been typed, and the answer comes as a direct message', async () => {
  await open(ALICE);
  const view = await eventually(() => {
    const found = story.slack.control.views(ALICE).home;
    if (!JSON.stringify(found?.blocks ?? []).includes('ask show')) throw new Error('no menu yet');
    return found;
  });
  const action = { block_id: 'menu ask', action_id: 'ask show' };
  const outcome = await story.slack.control.interact({ viewId: view?.id ?? '', user: ALICE, action });
  expect(outcome).toMatchObject({ ok: true });
  await eventually(() => {
    const direct = story.slack.control.workspace().channels.filter(({ id }) => id.startsWith('D'));
    const said = direct.flatMap(({ id }) => story.slack.control.messages(id));
    expect(JSON.stringify(said)).toContain(node('worker1'));
  });
});
