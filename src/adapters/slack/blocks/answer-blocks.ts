import type { KnownBlock } from '@slack/types';
import type { Answer, Part, Picture, Tone } from '../../../domain/answer.ts';
import type { ParsedCommand } from '../../../domain/change/change.ts';
import { commandText } from '../../../domain/change/command-text.ts';
import { counted } from '../../../domain/phrasing.ts';
import { type AnswerFile, shortenAnswer, wholeAnswer } from './answer-files.ts';
import { type CardLinks, changeLink } from './card/context.ts';
import { clip, escapeInline, escapeInvisible, fallbackText, slackLength } from './escape.ts';
import { runButton } from './menu-blocks.ts';
import { header, markup, plain, preformatted, type SlackMessage, smallMarkup } from './message.ts';
import { mention, mrkdwn } from './mrkdwn.ts';
import { cutLines, factLines, tableLines } from './text-table.ts';

// Slack accepts 50 blocks and somewhat over 10,000 characters per message; a response_url serves five messages.
const MAX_BLOCKS = 45;
const MAX_CHARACTERS = 9_000;
const MAX_MESSAGES = 4;
const MAX_PIECE_CHARS = 2_800;
const MAX_FALLBACK_CHARS = 500;

/** An answer as messages and files. */
export interface AnswerReply {
  readonly messages: readonly SlackMessage[];
  readonly files: readonly AnswerFile[];
}

/**
 * An answer in as few messages as possible, with files for parts that are too long. What does not fit into four messages is
 * announced and put into a file as well. `asker`: user id of the requester, named where a whole channel reads it. Ends with a
 * button for the command that does what the answer shows, if there is one. `links`: links to the cards of changes.
 */
export function answerReply(
  whole: Answer,
  asker?: string,
  proposes?: ParsedCommand,
  links: CardLinks = new Map(),
): AnswerReply {
  const { answer, files } = shortenAnswer(whole);
  const { title, parts } = answer;
  const { pages, left } = paged(
    parts.flatMap((part) => piecesOf(part, asker !== undefined, links)),
    slackLength(title),
  );
  const rest = left === 0 ? undefined : wholeAnswer(whole);
  const messages = pages.map((page, index) => {
    const first = index === 0;
    const last = index === pages.length - 1;
    const lines = first ? summaryOf(title, parts) : [`${title} (${index + 1} of ${pages.length})`];
    const text = fallbackText(lines, MAX_FALLBACK_CHARS);
    const asked = asker === undefined ? undefined : `${mention(asker)} asked`;
    return {
      text: asked === undefined ? text : `${asked}: ${text}`,
      blocks: [
        ...(first ? [header(title)] : []),
        ...(first && asked !== undefined ? [smallMarkup(asked)] : []),
        ...page.map(({ block }) => block),
        ...(last && rest !== undefined ? [plain(leftOut(left, rest.name))] : []),
        ...(last && proposes !== undefined
          ? runButton('Propose this', asSlackSends(commandText(proposes)), 'primary')
          : []),
      ],
    };
  });
  return { messages, files: rest === undefined ? files : [...files, rest] };
}

/** Escaped as Slack sends typed text: `<` in a reason must not begin a link. */
function asSlackSends(command: string): string {
  return command.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

interface Piece {
  readonly block: KnownBlock;
  readonly length: number;
  readonly lines: number;
}

/** Pieces in order, page by page, and the number of lines that fit on no page. */
function paged(
  pieces: readonly Piece[],
  titleLength: number,
): { readonly pages: readonly (readonly Piece[])[]; readonly left: number } {
  const pages: Piece[][] = [[]];
  let length = Math.min(titleLength, 150);
  for (const [index, piece] of pieces.entries()) {
    const page = pages.at(-1) ?? [];
    if (page.length < MAX_BLOCKS && length + piece.length <= MAX_CHARACTERS) {
      page.push(piece);
      length += piece.length;
    } else if (pages.length < MAX_MESSAGES) {
      pages.push([piece]);
      length = piece.length;
    } else {
      return { pages, left: pieces.slice(index).reduce((sum, { lines }) => sum + lines, 0) };
    }
  }
  return { pages, left: 0 };
}

function leftOut(lines: number, file: string): string {
  return `✂️ ${counted(lines, 'more line')}; the full text is in the file ${file}.`;
}

function piecesOf(part: Part, isPublic: boolean, links: CardLinks): readonly Piece[] {
  switch (part.kind) {
    case 'text':
      return texts(part.text);
    case 'note':
      return part.inChat === undefined
        ? texts(`${MARK[part.tone]} ${part.text}`)
        : marked(`${MARK[part.tone]} ${mrkdwn(part.inChat)}`);
    case 'facts':
      return monospace(factLines(part.rows));
    case 'table':
      return tables(part.columns, part.rows);
    case 'preformatted':
      return monospace(part.text.split('\n'));
    case 'changes':
      return changesPieces(part.label, part.changes, links);
    case 'picture':
      return texts(whereIs(part, isPublic));
  }
}

/** Number of changes in one part that are listed with links to their cards. */
export const MAX_LINKED = 10;

function changesPieces(label: string, changes: readonly string[], links: CardLinks): readonly Piece[] {
  if (!changes.some((id) => links.has(id))) return texts(`${label}: ${changes.join(', ')}`);
  const names = changes.slice(0, MAX_LINKED).map((id) => changeLink(id, links));
  const more = changes.length > MAX_LINKED ? ` and ${changes.length - MAX_LINKED} more` : '';
  const text = `*${escapeInline(label, 80)}*: ${names.join(', ')}${more}`;
  return marked(text);
}

function marked(text: string): readonly Piece[] {
  return [pieceOf(markup(text), text)];
}

/** Slack shows a file for one person only in their direct messages. */
function whereIs({ name }: Picture, isPublic: boolean): string {
  return `🗺️ The picture is the file ${name}.png${isPublic ? '' : ': it comes by direct message'}.`;
}

const MARK: Readonly<Record<Tone, string>> = { good: '✅', warning: '⚠️', bad: '❌', unknown: '❔' };

function texts(text: string): readonly Piece[] {
  return cutLines(text.split('\n'), MAX_PIECE_CHARS).map((piece) => pieceOf(plain(piece), piece));
}

function monospace(lines: readonly string[], heading?: string): readonly Piece[] {
  const above = heading === undefined ? '' : `${clip(escapeInvisible(heading), MAX_PIECE_CHARS / 2)}\n`;
  return cutLines(lines, MAX_PIECE_CHARS - slackLength(above)).map((piece) =>
    pieceOf(preformatted(above + piece), above + piece),
  );
}

/** Every piece of a table has the heading. */
function tables(columns: readonly string[], rows: readonly (readonly string[])[]): readonly Piece[] {
  const { heading, lines } = tableLines(columns, rows);
  return monospace(lines, heading);
}

function pieceOf(block: KnownBlock, text: string): Piece {
  return { block, length: slackLength(text), lines: text.split('\n').length };
}

/** Text for notifications and screen readers: everything except tables and preformatted text. */
function summaryOf(title: string, parts: readonly Part[]): readonly string[] {
  const summary = parts.flatMap((part) => {
    if (part.kind === 'text') return part.text.split('\n');
    if (part.kind === 'note') return [`${MARK[part.tone]} ${part.text}`];
    if (part.kind === 'changes') return [`${part.label}: ${part.changes.join(', ')}`];
    return part.kind === 'facts' ? part.rows.map(([label, value]) => `${label}: ${value}`) : [];
  });
  return [title, ...summary];
}
