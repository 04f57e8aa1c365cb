import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cardMessage } from '../../../src/adapters/slack/blocks/card-blocks.ts';
import { plainFallback } from '../../../src/adapters/slack/blocks/plain-fallback.ts';
import { slackClient, withoutRetries } from '../../../src/adapters/slack/clients.ts';
import { cardAction } from '../../doubles/card-action.ts';
import { BOT_TOKEN, CHANGES, clientOf, openSlack } from '../../sandbox/slack/slack-under-test.ts';
import { aChange } from './a-change.ts';
import { anyChange } from './blocks/any-change.ts';
import { expectSlackTakes } from './blocks/as-slack-sees.ts';

const cell = (text: string) => ({ type: 'raw_text', text });
const TABLE = { type: 'table', rows: [[cell('worker1'), cell('Connect')]] };
type Block = { type: string; [field: string]: unknown };

test.each(['invalid_blocks', 'msg_blocks_too_long'])(
  'a card whose blocks Slack refuses (%s) goes out in plain ones, with its buttons, and the log says so once',
  async (error) => {
    const slack = await openSlack();
    const logged: string[] = [];
    const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, (_, words) =>
      logged.push(words),
    );
    const { text, blocks } = cardMessage(aChange('BGP-1'));
    for (const [one, channel] of [
      [client, CHANGES],
      [withoutRetries(client), 'C02AUDIT'],
    ] as const) {
      slack.control.fault({ method: 'chat.postMessage', times: 1, error });
      await one.chat.postMessage({ channel, text, blocks: [...blocks] });
    }
    const cards = [...slack.control.messages(CHANGES), ...slack.control.messages('C02AUDIT')];
    expect(cards).toHaveLength(2);
    for (const card of cards) {
      expect(JSON.stringify(card.blocks)).toContain('needs 1 of leads');
      expect(cardAction(card, 'approve')).toMatchObject({ action_id: 'approve' });
      expect(cardAction(card, 'cancel')).toMatchObject({ action_id: 'more' });
    }
    expect(logged.filter((words) => words.includes(error))).toEqual([
      `chat.postMessage: Slack refused the blocks of a message (${error}); sending it in plain blocks`,
    ]);
  },
);

test('in a workspace that knows no tables, one goes out as text, and the log says so once', async () => {
  const slack = await openSlack({ knownBlocks: 'old' });
  const logged: string[] = [];
  const client = slackClient({ botToken: BOT_TOKEN, apiUrl: slack.apiUrl }, (_, words) => logged.push(words));
  const blocks: Block[] = [TABLE, { type: 'markdown', text: 'of *rack*' }];
  for (const channel of [CHANGES, 'C02AUDIT']) {
    const { ts = '' } = await client.chat.postMessage({ channel, text: 'sessions', blocks });
    await client.chat.update({ channel, ts, text: 'sessions', blocks });
    expect(slack.control.messages(channel)).toMatchObject([
      { blocks: [{ type: 'section', text: { text: 'worker1\nConnect\nof *rack*' } }] },
    ]);
  }
  expect(logged.filter((words) => words.startsWith('chat.update'))).toEqual([
    'chat.update: Slack refused the blocks of a message (invalid_blocks); sending it in plain blocks',
  ]);
});

test.each(['all', 'old'] as const)(
  'a workspace that knows %s blocks takes a table accordingly',
  async (knownBlocks) => {
    const slack = await openSlack({ knownBlocks });
    const sent = clientOf(slack).chat.postMessage({ channel: CHANGES, text: 'x', blocks: [TABLE] });
    const error = await sent.then(
      () => undefined,
      (refused: Error) => refused.message,
    );
    expect(error).toEqual(knownBlocks === 'all' ? undefined : expect.stringContaining('invalid_blocks'));
  },
);

test('a message that is too long for plain blocks says how much of it is left out', () => {
  const lines = (count: number) =>
    Array.from({ length: count }, (_, at) => `line ${at} ${'x'.repeat(1_000)}`);
  const texts = (count: number) =>
    plainFallback([{ type: 'section', text: { type: 'plain_text', text: lines(count).join('\n') } }]);
  expect(texts(6)).toHaveLength(3);
  expect(texts(8).at(-1)).toMatchObject({ text: { text: '✂️ 2 more lines not shown.' } });
});

test('Slack takes the plain form of any card', () => {
  fc.assert(
    fc.property(anyChange, (change) => {
      const { text, blocks } = cardMessage(change);
      expectSlackTakes({ text, blocks: plainFallback(blocks) });
    }),
    { numRuns: 40, endOnFailure: true },
  );
}, 120_000);
