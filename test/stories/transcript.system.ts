import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, stringify } from 'yaml';
import { sandboxPolicy } from '../../sandbox/src/sandbox-policy.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, AUDIT, node, type Story, startStory } from './story.ts';

/** So long that a card is edited many times, and that a line about the newest record is due. */
const WAIT_MS = 65_000;

describe('what one rotation leaves in the channels', () => {
  let story: Story;
  beforeAll(async () => {
    const policy = parse(sandboxPolicy());
    policy.targets[0].timeouts = { session: '3m', hold: '2s' };
    story = await startStory({ policy: stringify(policy) });
  });
  afterAll(() => story?.stop());

  test('promise 70: a long wait is one edited card: at most six lines in the thread and six in the audit channel', async () => {
    story.routers.set('10.20.1.9', false);
    const before = story.audit().split('\n').length;
    const card = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
    setTimeout(() => story.routers.set('10.20.1.9', true), WAIT_MS);
    await story.carryOut(card, '✅ succeeded', WAIT_MS + 60_000);
    await eventually(() => expect(story.audit()).toContain('✅ succeeded'));
    const thread = story.thread(card).split('\n');
    const lines = story.audit().split('\n').slice(before);
    expect(thread.length).toBeLessThanOrEqual(6);
    expect(lines.length).toBeLessThanOrEqual(6);
    // A paragraph: who asked, who approved, what was done, what came of it.
    expect(lines.map((line) => line.replace(/ · #\d+ [0-9a-f]{20}$/, ''))).toEqual([
      expect.stringMatching(/^\*BGP-1\* 📝 <@U01ALICE> proposed: rotate /),
      '*BGP-1* 👍 <@U02BOB> approved',
      '*BGP-1* ✓ wrote worker1.rack.example.com in spk-tor-bgp',
      '⏳ More records; the newest is',
      expect.stringMatching(/^\*BGP-1\* ✓ BGP is back after the restart of /),
      '*BGP-1* ✅ succeeded',
    ]);
    for (const line of lines) expect(line).toMatch(/ · #\d+ [0-9a-f]{20}$/);
    // While it went on, the newest record was never further away than the promise says.
    const edits = story.slack.control
      .log()
      .filter(
        (one) => one.kind === 'api' && one.method === 'chat.update' && JSON.stringify(one).includes(AUDIT),
      );
    expect(edits.length).toBeGreaterThanOrEqual(1);
  }, 180_000);
});
