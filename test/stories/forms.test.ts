import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, CHANGES, node, type Story, startStory } from './story.ts';

let story: Story;
beforeAll(async () => {
  story = await startStory();
});
afterAll(() => story.stop());

const top = (user: string) => story.slack.control.views(user).views.at(-1);
const formOf = (user: string, verb: string) =>
  eventually(() => {
    const view = top(user);
    if (view?.callback_id !== `form ${verb}`) throw new Error(`no form yet: ${JSON.stringify(view?.title)}`);
    return view;
  });
const NODE = 'argument 0.0';
const ADDRESSES = 'argument 0.1';
const PAIRS = 'argument 1.0';

/** Opens the menu as a message and presses one of its buttons. */
async function openFromMenu(user: string, verb: string): Promise<void> {
  await story.ask(user, '');
  const menu = story.slack.control.messages(CHANGES).findLast(({ ephemeral_to: to }) => to === user);
  const action = { block_id: 'menu open', action_id: `open ${verb}` };
  const click = { channel: CHANGES, messageTs: menu?.ts ?? '', user, action };
  expect(await story.slack.control.interact(click)).toMatchObject({ ok: true });
}

test('from the menu to the card: node by typeahead, a preview, an error beside its field, proposed as if typed', async () => {
  const { control } = story.slack;
  await openFromMenu(ALICE, 'rotate');
  const view = await formOf(ALICE, 'rotate');
  const offered = await control.suggest({
    user: ALICE,
    viewId: view.id,
    block_id: NODE,
    action_id: 'field',
    value: 'work',
  });
  expect(JSON.stringify(offered)).toContain(node('worker1'));
  expect(JSON.stringify(offered)).toContain('10.20.1.1');
  const values = { [NODE]: { field: node('worker1') }, [ADDRESSES]: { field: '10.20.1.9' } };
  const typed = { block_id: ADDRESSES, action_id: 'field', value: '10.20.1.9' };
  expect(await control.interact({ viewId: view.id, user: ALICE, action: typed, values })).toMatchObject({
    ok: true,
  });
  await eventually(() =>
    expect(JSON.stringify(top(ALICE)?.blocks)).toContain(`+ ${node('worker1')}: 10.20.1.9`),
  );
  expect(JSON.stringify(top(ALICE)?.blocks)).toContain('keep carrying');
  const wrong = { ...values, [ADDRESSES]: { field: '10.20.1.999' } };
  const refused = await control.submitView({ user: ALICE, viewId: view.id, values: wrong });
  expect(refused).toMatchObject({ response_action: 'errors', errors: { [ADDRESSES]: expect.any(String) } });
  const before = story.cards().length;
  const reason = { reason: { field: 'router r1 replaced' } };
  expect(
    await control.submitView({ user: ALICE, viewId: view.id, values: { ...values, ...reason } }),
  ).toMatchObject({
    ok: true,
  });
  await eventually(() => expect(story.cards()).toHaveLength(before + 1));
  const card = story.cards().at(-1);
  expect(JSON.stringify(card?.blocks)).toContain('router r1 replaced');
  expect(top(ALICE)).toBeUndefined();
  const id = /BGP-\d+/.exec(card?.text ?? '')?.[0] ?? '';
  await story.carryOut({ id, ts: card?.ts ?? '' }, '✅ succeeded', 40_000);

  // The way back, by the message shortcut on the card.
  const use = { user: BOB, callback_id: 'roll_back_change', channel: CHANGES, messageTs: card?.ts };
  expect(await control.shortcut(use)).toMatchObject({ ok: true });
  const back = await formOf(BOB, 'rollback');
  await eventually(() =>
    expect(JSON.stringify(top(BOB)?.blocks)).toContain(`+ ${node('worker1')}: 10.20.1.1`),
  );
  expect(JSON.stringify(back.blocks)).toContain(`"value":"${id}"`);
  await control.closeView({ user: BOB, viewId: back.id, all: true });
}, 120_000);

test('the global shortcut opens the menu, and a form in its place', async () => {
  const { control } = story.slack;
  expect(await control.shortcut({ user: ALICE, callback_id: 'bgp_change' })).toMatchObject({ ok: true });
  const menu = await eventually(() => {
    const view = top(ALICE);
    if (!JSON.stringify(view?.blocks ?? []).includes('open restart')) throw new Error('no menu yet');
    return view;
  });
  const action = { block_id: 'menu open', action_id: 'open restart' };
  expect(await control.interact({ viewId: menu?.id ?? '', user: ALICE, action })).toMatchObject({ ok: true });
  const form = await formOf(ALICE, 'restart');
  expect(form.id).toBe(menu?.id);
  const before = story.cards().length;
  const values = { [NODE]: { field: [node('worker2')] } };
  expect(await control.submitView({ user: ALICE, viewId: form.id, values })).toMatchObject({ ok: true });
  await eventually(() => expect(story.cards()).toHaveLength(before + 1));
});

test('rotate asks which way is meant, and shows the fields of that way alone; what was entered in the others stays', async () => {
  const { control } = story.slack;
  await openFromMenu(ALICE, 'rotate');
  const view = await formOf(ALICE, 'rotate');
  const inputs = () => top(ALICE)?.blocks.flatMap(({ type, block_id: id }) => (type === 'input' ? [id] : []));
  expect(inputs()).toEqual(expect.arrayContaining(['way', NODE, ADDRESSES, 'reason']));
  const reason = { reason: { field: 'router r1 replaced' } };
  const values = { ...reason, way: { field: '1' } };
  const chosen = { block_id: 'way', action_id: 'field', value: '1' };
  expect(await control.interact({ viewId: view.id, user: ALICE, action: chosen, values })).toMatchObject({
    ok: true,
  });
  await eventually(() => expect(inputs()).toContain(PAIRS));
  expect(inputs()).not.toContain(NODE);
  expect(inputs()).not.toContain(ADDRESSES);
  expect(top(ALICE)?.state.values).toMatchObject({ reason: { field: { value: 'router r1 replaced' } } });
  expect(JSON.stringify(top(ALICE)?.blocks.filter(({ block_id: id }) => id === PAIRS))).toContain(
    '"optional":false',
  );
  const before = story.cards().length;
  const filled = { ...values, [PAIRS]: { field: '10.20.2.1=10.20.2.9' } };
  expect(await control.submitView({ user: ALICE, viewId: view.id, values: filled })).toMatchObject({
    ok: true,
  });
  await eventually(() => expect(story.cards()).toHaveLength(before + 1));
  expect(JSON.stringify(story.cards().at(-1)?.blocks)).toContain('router r1 replaced');
});
