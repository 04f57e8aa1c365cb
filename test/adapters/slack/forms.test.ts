import { expect, test } from '@jest/globals';
import { type FormDialogs, openFormDialogs } from '../../../src/adapters/slack/inbound/forms.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { Forms } from '../../../src/workflow/requests/forms.ts';
import { startSocketApp } from '../../sandbox/slack/app-under-test.ts';
import { ALICE, CHANGES, clientOf, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { unreliable } from './unreliable-slack.ts';

const FIELD = 'argument 0.0';

test('what is entered while the preview before it is on its way to Slack gets its preview too', async () => {
  const { slack, way, enter, drawn } = await openForm();
  const held = way.hold('views.update');
  await enter('10.20.1.8');
  await held.made;
  await enter('10.20.1.9');
  held.release();
  await drawn();
  expect(shown(slack)).toContain('would add 10.20.1.9');
});

test('a preview that is overtaken is not shown any more', async () => {
  const { slack, way, enter, drawn } = await openForm();
  const held = way.hold('views.update');
  await enter('10.20.1.8');
  await held.made;
  await enter('10.20.1.9');
  await until(() => shown(slack).includes('would add 10.20.1.9'));
  held.release();
  await drawn();
  expect(shown(slack)).toContain('would add 10.20.1.9');
});

const shown = (slack: Awaited<ReturnType<typeof openSlack>>): string =>
  JSON.stringify(slack.control.views(ALICE).views[0]?.blocks ?? []);

/** A form of `add` that is open, with one field; `enter` is somebody who types there. */
async function openForm() {
  const slack = await openSlack();
  const way = await unreliable(slack);
  const dialogs = openFormDialogs(clientOf({ ...slack, apiUrl: way.apiUrl }), FORMS, (error) => {
    throw error;
  });
  const changes: Promise<void>[] = [];
  let opened: ReturnType<FormDialogs['open']> | undefined;
  await startSocketApp(slack, (app) => {
    app.command('/bgp', async ({ ack, command }) => {
      await ack();
      const person = { userId: command.user_id, teamId: command.team_id };
      opened = dialogs.open('add', { triggerId: command.trigger_id }, { channel: CHANGES }, { person });
    });
    app.action({ type: 'block_actions', action_id: 'field' }, async ({ ack, body }) => {
      await ack();
      changes.push(dialogs.changed(body));
    });
  });
  await slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: '' });
  await until(() => opened !== undefined);
  await opened;
  const viewId = slack.control.views(ALICE).views[0]?.id ?? '';
  const enter = async (value: string): Promise<void> => {
    const action = { block_id: FIELD, action_id: 'field', value };
    const values = { [FIELD]: { field: value } };
    expect(await slack.control.interact({ viewId, user: ALICE, action, values })).toMatchObject({ ok: true });
  };
  return { slack, way, enter, drawn: () => Promise.all(changes) };
}

/** One field of free text; its preview is a refusal that names what was entered. */
const FORMS: Forms = {
  menu: async () => refuse('unknown_verb', 'No menu.', 'Type help.'),
  open: async (verb) => ({
    kind: 'form',
    verb,
    summary: 'adds',
    fields: [{ id: FIELD, input: 'text', label: 'Address', required: true }],
  }),
  options: async () => [],
  check: async () => undefined,
  preview: async ({ values }) =>
    refuse('not_an_address', `would add ${values.get(FIELD)?.join() ?? 'nothing'}`, 'Go on.'),
  read: ({ verb }) => ({ verb, args: [], flags: {} }),
};
