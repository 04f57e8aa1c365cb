import type { ActionsBlock, KnownBlock } from '@slack/types';
import { counted } from '../../../domain/phrasing.ts';
import { cutLines } from './text-table.ts';

const MAX_SECTION_CHARS = 2_900;
const MAX_SECTIONS = 3;
const MAX_ELEMENTS = 25;

/**
 * The same message in the plainest blocks: its text in a few sections, and its buttons in one row. Used when Slack refuses the
 * original blocks, so that the message still arrives.
 */
export function plainFallback(blocks: readonly unknown[]): readonly KnownBlock[] {
  const pieces = cutLines(
    blocks.flatMap((block) => textsIn(block).flatMap((text) => text.split('\n'))),
    MAX_SECTION_CHARS,
  );
  const texts = pieces.filter((text) => text.trim() !== '');
  const left = texts.slice(MAX_SECTIONS).reduce((sum, text) => sum + text.split('\n').length, 0);
  const buttons = blocks.flatMap(buttonsIn).slice(0, MAX_ELEMENTS);
  return [
    ...texts.slice(0, MAX_SECTIONS).map(section),
    ...(left === 0 ? [] : [section(`✂️ ${counted(left, 'more line')} not shown.`)]),
    ...(buttons.length === 0 ? [] : [{ type: 'actions' as const, block_id: 'decide', elements: buttons }]),
  ];
}

function section(text: string): KnownBlock {
  return { type: 'section', text: { type: 'plain_text', text, emoji: false } };
}

/** The readable texts of a block, in reading order, without those of its buttons. */
function textsIn(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== 'object' || value === null || isButton(value)) return [];
  if ('text' in value && typeof value.text === 'string') return [value.text];
  return Object.values(value).flatMap(textsIn);
}

function buttonsIn(value: unknown): ActionsBlock['elements'] {
  if (Array.isArray(value)) return value.flatMap(buttonsIn);
  if (typeof value !== 'object' || value === null) return [];
  return isButton(value) ? [value] : Object.values(value).flatMap(buttonsIn);
}

function isButton(value: object): value is ActionsBlock['elements'][number] {
  return 'type' in value && (value.type === 'button' || value.type === 'overflow') && 'action_id' in value;
}
