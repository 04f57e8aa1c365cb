import { expect, test } from '@jest/globals';
import { parseCommand } from '../../../src/commands/grammar/parse-command.ts';
import { refuse } from '../../../src/domain/refusal.ts';
import type { CommandRequest, DecisionRequest } from '../../../src/workflow/requests.ts';
import { cardAction } from '../../doubles/card-action.ts';
import { ALICE, BOB, CHANGES, clientOf, openSlack, until } from '../../sandbox/slack/slack-under-test.ts';
import { openMemory, saying, startBot } from './bot-under-test.ts';

const parsed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' };

test('Slack hears that a command arrived before any work begins', async () => {
  const slack = await openSlack();
  let finish = (): void => undefined;
  const work = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const asked: CommandRequest[] = [];
  await startBot(slack.apiUrl, await openMemory(), {
    submit: async (request) => {
      asked.push(request);
      await work;
      return saying('late, but there');
    },
  });
  expect(await slack.control.command({ ...parsed, text: 'rotate n1 <10.0.0.1> & “x”' })).toMatchObject({
    ok: true,
  });
  await until(() => asked.length === 1);
  expect(slack.control.messages(CHANGES)).toEqual([]);
  finish();
  await until(() => slack.control.messages(CHANGES).length === 1);
  expect(slack.control.messages(CHANGES)[0]).toMatchObject({ ephemeral_to: ALICE });
  expect(asked[0]).toMatchObject({
    person: { userId: ALICE, teamId: 'T01RACK' },
    channel: CHANGES,
    text: 'rotate n1 &lt;10.0.0.1&gt; &amp; “x”',
  });
});

test('a button says who clicked, for which change and which digest', async () => {
  const slack = await openSlack();
  const clicks: [string, DecisionRequest][] = [];
  await startBot(slack.apiUrl, await openMemory(), {
    decide: async (verb, request) => {
      clicks.push([verb, request]);
      return saying(verb);
    },
  });
  const ts = await postButtons(slack, ['approve', 'review', 'cancel'], '{"change":"BGP-1","digest":"d1"}');
  for (const name of ['approve', 'review', 'cancel'])
    expect(await press(slack, ts, name)).toMatchObject({ ok: true });
  await until(() => clicks.length === 3);
  const click = {
    person: { userId: BOB, teamId: 'T01RACK' },
    channel: CHANGES,
    changeId: 'BGP-1',
    digest: 'd1',
  };
  expect(clicks).toEqual([
    ['approve', click],
    ['review', click],
    ['cancel', click],
  ]);
});

test.each([
  ['one that no card has any more', 'retry_all', '{"change":"BGP-1","digest":"d1"}'],
  ['one whose name only begins like ours', 'approve_all', '{"change":"BGP-1","digest":"d1"}'],
  ['one without a value of ours', 'approve', 'BGP-1'],
])('a click on an unknown button is answered: %s', async (_, name, value) => {
  const slack = await openSlack();
  const never = () => Promise.reject(new Error('it must not be called'));
  const { failures } = await startBot(slack.apiUrl, await openMemory(), {
    decide: never,
    prepareDecision: never,
    followUp: never,
  });
  const ts = await postButtons(slack, [name], value);
  expect(await press(slack, ts, name)).toMatchObject({ ok: true });
  await until(() => slack.control.messages(CHANGES).length === 2);
  expect(slack.control.messages(CHANGES)[1]).toMatchObject({
    ephemeral_to: BOB,
    text: expect.stringContaining('outdated card'),
  });
  expect(failures).toEqual([]);
});

test('a command that is not ours is answered with ours', async () => {
  const slack = await openSlack();
  await startBot(slack.apiUrl, await openMemory(), {});
  expect(await slack.control.command({ ...parsed, command: '/bpg' })).toMatchObject({ ok: true });
  await until(() => slack.control.messages(CHANGES).length === 1);
  expect(slack.control.messages(CHANGES)[0]).toMatchObject({
    ephemeral_to: ALICE,
    text: expect.stringContaining('/bgp help'),
  });
});

test('whoever meets a fault of ours is told an id that the log has as well, and nothing else of it', async () => {
  const slack = await openSlack();
  const { failures } = await startBot(slack.apiUrl, await openMemory(), {
    submit: () => Promise.reject(new Error('password=hunter2 at store.ts:12')),
  });
  await slack.control.command(parsed);
  await until(() => slack.control.messages(CHANGES).length === 1);
  const { text = '', ephemeral_to } = slack.control.messages(CHANGES)[0] ?? {};
  expect(ephemeral_to).toBe(ALICE);
  expect(failures).toEqual([expect.objectContaining({ what: '/bgp' })]);
  expect(text).toContain(failures[0]?.id);
  expect(JSON.stringify(slack.control.messages(CHANGES))).not.toContain('hunter2');
});

test('when it cannot be told whether a request came before, the person is told, and nothing is done', async () => {
  const slack = await openSlack();
  const memory = await openMemory();
  let asked = 0;
  const seen = { first: () => Promise.reject(new Error('Redis is away')) };
  await startBot(
    slack.apiUrl,
    { ...memory, seen },
    {
      submit: async () => {
        asked += 1;
        return saying('done');
      },
    },
  );
  await slack.control.command(parsed);
  await until(() => slack.control.messages(CHANGES).length === 1);
  expect(slack.control.messages(CHANGES)[0]?.text).toContain('went wrong in the bot');
  expect(asked).toBe(0);
});

test('a message that was not understood offers what was probably meant, and pressing it runs that', async () => {
  const slack = await openSlack();
  const typed: string[] = [];
  await startBot(slack.apiUrl, await openMemory(), {
    submit: async ({ text }) => {
      typed.push(text);
      return text.startsWith('shwo')
        ? { ...refuse('unknown_verb', 'No.', 'Did you mean show?'), meant: { typed: 'shwo', name: 'show' } }
        : saying('shown');
    },
  });
  await slack.control.command({ ...parsed, text: 'shwo worker1' });
  await until(() => slack.control.messages(CHANGES).length === 1);
  const offer = slack.control.messages(CHANGES)[0];
  expect(JSON.stringify(offer?.blocks)).toContain('Did you mean show worker1?');
  await slack.control.interact({
    channel: CHANGES,
    messageTs: offer?.ts ?? '',
    user: parsed.user,
    action: cardAction(offer, 'run'),
  });
  await until(() => typed.length === 2);
  expect(typed).toEqual(['shwo worker1', 'show worker1']);
});

test('what a dry run shows is proposed by a button, without --dry-run', async () => {
  const slack = await openSlack();
  const typed: string[] = [];
  const command = {
    verb: 'rotate',
    args: ['worker1', '10.20.1.9'],
    flags: { reason: 'new <b> router, R&amp;D' },
  };
  await startBot(slack.apiUrl, await openMemory(), {
    submit: async ({ text }) => {
      typed.push(text);
      return { ...saying('what it would do'), proposes: command };
    },
  });
  await slack.control.command({ ...parsed, text: 'rotate worker1 10.20.1.9 --dry-run' });
  await until(() => slack.control.messages(CHANGES).length === 1);
  const offer = slack.control.messages(CHANGES)[0];
  expect(JSON.stringify(offer?.blocks)).toContain('Propose this');
  const action = cardAction(offer, 'run');
  await slack.control.interact({ channel: CHANGES, messageTs: offer?.ts ?? '', user: parsed.user, action });
  await until(() => typed.length === 2);
  expect(parseCommand(typed[1] ?? '', { command: '/bgp', commands: [] })).toEqual(command);
});

type Slack = Awaited<ReturnType<typeof openSlack>>;

async function postButtons(slack: Slack, names: readonly string[], value: string): Promise<string> {
  const { ts = '' } = await clientOf(slack).chat.postMessage({
    channel: CHANGES,
    text: 'a card',
    blocks: [
      {
        type: 'actions',
        block_id: 'decide',
        elements: names.map((name) => ({
          type: 'button' as const,
          action_id: name,
          text: { type: 'plain_text' as const, text: name },
          value,
        })),
      },
    ],
  });
  return ts;
}

function press(slack: Slack, messageTs: string, name: string) {
  return slack.control.interact({
    channel: CHANGES,
    messageTs,
    user: BOB,
    action: { block_id: 'decide', action_id: name },
  });
}
