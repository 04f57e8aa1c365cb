import { expect } from '@jest/globals';
import type { View } from '@slack/types';
import { blockTextLength } from '../../../../sandbox/src/slack/block-kit/text-length.ts';
import { validateBlocks } from '../../../../sandbox/src/slack/block-kit/validate-blocks.ts';
import { validateView } from '../../../../sandbox/src/slack/block-kit/validate-view.ts';
import type { SlackMessage } from '../../../../src/adapters/slack/blocks/message.ts';

/** Slack's own count is not documented; messages above 11,000 were seen to fail. */
const MAX_CHARACTERS = 10_000;

/** Fails unless Slack would take the message, also when it counts plain text as escaped, and knows no newer blocks. */
export function expectSlackTakes({ text, blocks }: SlackMessage): void {
  for (const known of ['all', 'old'] as const) expect(validateBlocks(blocks, 'message', known)).toEqual([]);
  expect(validateBlocks(escapedAsSent(blocks), 'message')).toEqual([]);
  expect(blockTextLength(escapedAsSent(blocks))).toBeLessThanOrEqual(MAX_CHARACTERS);
  expect(text.trim()).not.toBe('');
  expect(text.length).toBeLessThanOrEqual(4_000);
}

/** Fails unless Slack would take the view, also when it counts plain text as escaped, and knows no newer blocks. */
export function expectSlackTakesView(view: View): void {
  for (const known of ['all', 'old'] as const) expect(validateView({ ...view }, known)).toEqual([]);
  expect(validateView({ ...view, blocks: escapedAsSent(view.blocks) })).toEqual([]);
}

/** All texts of a message's blocks, with whether Slack reads markup in them. */
export function textsOf(value: unknown): readonly { readonly text: string; readonly markup: boolean }[] {
  if (Array.isArray(value)) return value.flatMap(textsOf);
  if (typeof value !== 'object' || value === null) return [];
  if ('text' in value && typeof value.text === 'string') {
    return [{ text: value.text, markup: 'type' in value && value.type === 'mrkdwn' }];
  }
  return Object.values(value).flatMap(textsOf);
}

/** What a person reads, block by block. */
export function readingOf({ blocks }: SlackMessage): string {
  return textsOf(blocks)
    .map(({ text }) => text)
    .join('\n');
}

/** Every control sequence of Slack's markup in a text. */
export function sequencesIn(text: string): readonly string[] {
  return text.match(/<[^>]*>?/g) ?? [];
}

function escapedAsSent(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(escapedAsSent);
  if (typeof value !== 'object' || value === null) return value;
  const markup = 'type' in value && value.type === 'mrkdwn';
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      key === 'text' && typeof item === 'string' && !markup
        ? item.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
        : escapedAsSent(item),
    ]),
  );
}
