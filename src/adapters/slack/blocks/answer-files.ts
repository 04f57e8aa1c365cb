import type { Answer, Part } from '../../../domain/answer.ts';

/** A file attached to an answer that does not fit into messages. */
export interface AnswerFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What a picture shows. Only for pictures, since Slack may not share another file that has it. */
  readonly altText?: string;
  /** The command to type if Slack does not accept the file. */
  readonly instead?: string;
}

export interface ShortenedAnswer {
  readonly answer: Answer;
  readonly files: readonly AnswerFile[];
}

// Nobody reads more than this in a chat; beyond it, only the first rows are shown.
const MAX_ROWS = 100;
const ROWS_SHOWN = 40;
const MAX_LINES = 120;
const LINES_SHOWN = 40;

/** Moves long tables into CSV files and long configurations into text files; the remaining part says where the rest is. */
export function shortenAnswer({ title, parts }: Answer): ShortenedAnswer {
  const files: AnswerFile[] = [];
  const add = (ending: string, content: string): string => {
    const name = `${fileName(title)}${files.length === 0 ? '' : `-${files.length + 1}`}.${ending}`;
    files.push({ name, content });
    return name;
  };
  const shortened = parts.flatMap((part): readonly Part[] => {
    if (part.kind === 'table' && part.rows.length > MAX_ROWS) {
      const name = add('csv', csv([part.columns, ...part.rows]));
      const hidden = part.rows.length - ROWS_SHOWN;
      return [{ ...part, rows: part.rows.slice(0, ROWS_SHOWN) }, moreIn(name, hidden, 'rows')];
    }
    const lines = part.kind === 'preformatted' ? part.text.split('\n') : [];
    if (lines.length <= MAX_LINES) return [part];
    const name = add('txt', `${lines.join('\n')}\n`);
    const text = lines.slice(0, LINES_SHOWN).join('\n');
    return [{ kind: 'preformatted', text }, moreIn(name, lines.length - LINES_SHOWN, 'lines')];
  });
  return { answer: { title, parts: shortened }, files };
}

/** The whole answer as a text file, for one whose beginning does not fit either. */
export function wholeAnswer({ title, parts }: Answer): AnswerFile {
  const lines = [title, '', ...parts.flatMap((part) => [...textLines(part), ''])];
  return { name: `${fileName(title)}-whole.txt`, content: `${lines.join('\n')}\n` };
}

function textLines(part: Part): readonly string[] {
  switch (part.kind) {
    case 'facts':
      return part.rows.map(([label, value]) => `${label}: ${value}`);
    case 'table':
      return [part.columns, ...part.rows].map((row) => row.join('\t'));
    case 'changes':
      return [`${part.label}: ${part.changes.join(', ')}`];
    case 'picture':
      return [part.alt];
    default:
      return [part.text];
  }
}

function moreIn(name: string, hidden: number, what: 'rows' | 'lines'): Part {
  return { kind: 'text', text: `✂️ ${hidden} more ${what}; the full text is in the file ${name}.` };
}

const MAX_NAME = 60;

function fileName(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, MAX_NAME);
  return name === '' ? 'answer' : name;
}

/** RFC 4180. An apostrophe precedes what a spreadsheet would interpret as a formula. */
function csv(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.map(cellOf).join(',')}\r\n`).join('');
}

function cellOf(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
