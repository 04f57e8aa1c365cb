import { expect } from '@jest/globals';
import type { Message } from '../../sandbox/src/slack/message.ts';
import { calls, formatted, richCalls } from '../lessons/markup.ts';
import type { AuditRetention } from '../lessons/trail.ts';
import { AUDIT, CHANGES, type Story } from '../stories/story.ts';
import { DECEIVING } from './hostile-texts.ts';

/** Everything that Slack was given to show, in either channel and to anybody. */
export function everything({ slack }: Story): readonly Message[] {
  return [CHANGES, AUDIT].flatMap((channel) => slack.control.messages(channel));
}

/** Nothing became markup, a mention, or a text that hides what it says. `people` may be mentioned. */
export function expectPlain(messages: readonly Message[], people: readonly string[]): void {
  // A card that waits calls its approvers.
  const allowed = [...people.map((id) => `<@${id}>`), `<#${CHANGES}>`, '<!subteam^S02LEADS>'];
  const own = calls(messages).filter((call) => !allowed.includes(call) && !LINK_TO_CARD.test(call));
  expect(own).toEqual([]);
  expect(richCalls(messages)).toEqual([]);
  expect(formatted(messages)).not.toMatch(/[*_~]evil[*_~]|https?:\/\/evil|```/);
  for (const { text, blocks } of messages) expect(`${text}${JSON.stringify(blocks)}`).not.toMatch(DECEIVING);
}

const LINK_TO_CARD = /^<https:\/\/rack\.slack\.com\/archives\/\w+\/p\d+\|BGP-\d+>$/;

/** Each line of the log is one of the bot's own. */
export function expectOwnLines(log: string): void {
  const lines = log.split('\n').filter((line) => line !== '');
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    const parsed: unknown = JSON.parse(line);
    expect(parsed).toMatchObject({ level: expect.any(Number), time: expect.any(Number) });
    expect(parsed).not.toMatchObject({ msg: 'FORGED' });
  }
  expect(log).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
}

/** ZebOS was asked what the bot asks, word for word, and nothing that anybody said. */
export function expectOwnQuestions(execs: readonly (readonly string[])[]): void {
  expect(execs.length).toBeGreaterThan(0);
  const asked = [...new Set(execs.map((words) => words.join(' | ')))];
  expect(asked.filter((words) => !/^imish \| -e \| show [a-z0-9 .:-]+$/.test(words))).toEqual([]);
}

/** The trail holds it as text, and is whole. */
export async function expectWhole(trail: AuditRetention): Promise<void> {
  expect(await trail.faults()).toEqual([]);
  for (const record of await trail.records()) {
    expect(JSON.stringify(record)).not.toMatch(/\\ud[89a-f]/i);
    expect(Object.getPrototypeOf(record.data)).toBe(Object.prototype);
  }
}
