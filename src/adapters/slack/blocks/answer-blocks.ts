import type { KnownBlock } from '@slack/types';
import type { Answer, Part, Tone } from '../../../domain/answer.ts';
import { escapeMrkdwn } from './escape.ts';
import type { SlackMessage } from './message.ts';
import { header, plain, preformatted } from './parts.ts';
import { cutLines, factLines, tableLines } from './text-table.ts';

// Slack takes 50 blocks and somewhat over 10,000 characters a message; a response_url serves five messages.
const MOST_BLOCKS = 45;
const MOST_CHARACTERS = 9_000;
const MOST_MESSAGES = 4;
const PIECE = 2_800;

/** An answer in as few messages as it fits. What does not fit into four is said, never silently left out. */
export function answerMessages({ title, parts }: Answer): readonly SlackMessage[] {
  const pages: KnownBlock[][] = [[header(title)]];
  let characters = title.length;
  const pieces = parts.flatMap(piecesOf);
  let left = 0;
  for (const { block, length } of pieces) {
    const page = pages.at(-1) ?? [];
    const full = page.length >= MOST_BLOCKS || characters + length > MOST_CHARACTERS;
    if (full && (left > 0 || pages.length === MOST_MESSAGES)) {
      left += 1;
      continue;
    }
    if (full) {
      pages.push([block]);
      characters = length;
    } else {
      page.push(block);
      characters += length;
    }
  }
  if (left > 0) pages.at(-1)?.push(plain(`… ${left} more parts do not fit. Ask for less, such as one node.`));
  const texts = pages.map((_, index) => (index === 0 ? fallback(title, parts) : `${title} (${index + 1})`));
  return pages.map((blocks, index) => ({ text: escapeMrkdwn(texts[index] ?? title), blocks }));
}

interface Piece {
  readonly block: KnownBlock;
  readonly length: number;
}

function piecesOf(part: Part): readonly Piece[] {
  switch (part.kind) {
    case 'text':
      return texts(part.text);
    case 'note':
      return texts(`${MARK[part.tone]} ${part.text}`);
    case 'facts':
      return monospace(factLines(part.rows));
    case 'table':
      return monospace(tableLines(part.columns, part.rows));
    case 'preformatted':
      return monospace(part.text.split('\n'));
  }
}

const MARK: Readonly<Record<Tone, string>> = { good: '✅', warning: '⚠️', bad: '❌', unknown: '❔' };

function texts(text: string): readonly Piece[] {
  return cutLines(text.split('\n'), PIECE).map((piece) => ({ block: plain(piece), length: piece.length }));
}

function monospace(lines: readonly string[]): readonly Piece[] {
  return cutLines(lines, PIECE).map((piece) => ({ block: preformatted(piece), length: piece.length }));
}

function fallback(title: string, parts: readonly Part[]): string {
  const said = parts.flatMap((part) => (part.kind === 'text' || part.kind === 'note' ? [part.text] : []));
  return [title, ...said].join('\n').slice(0, 500);
}
