import { redactSecrets } from './redact.ts';

/** One line as displayed, without terminal escapes, pager marks and prompt. */
export interface ScreenLine {
  readonly text: string;
  readonly words: readonly string[];
  /** Blanks before the first word. */
  readonly indent: number;
  /** Whether a prompt precedes the text. */
  readonly prompted: boolean;
}

/** The lines of a router's output. Only its first 8 Mi characters are read: none of the used commands prints more. */
export function screenLines(output: string): ScreenLine[] {
  const clean = output.slice(0, MAX_CHARACTERS).replace(ESCAPES, '').replace(INVISIBLE, '');
  return clean.split(LINE_ENDS).map((raw) => {
    const line = raw.replace(PAGER, ' ');
    const prompt = PROMPT.exec(line)?.[0] ?? '';
    const text = line.slice(prompt.length).trim();
    return {
      text,
      words: text === '' ? [] : text.split(/\s+/),
      indent: line.length - line.trimStart().length,
      prompted: prompt !== '',
    };
  });
}

const MAX_CHARACTERS = 8 * 1024 * 1024;

/** Terminal colours, cursor moves and titles. */
const ESCAPES =
  /\u001b(?:\[[0-9;:?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001b\r\n]{0,256}\u0007?|[()][0-9A-Za-z]|[=>78MDEHc])/g;

/** Characters without width on a screen: NUL and other controls, zero-width marks, the byte order mark. */
const INVISIBLE = /[\u0000-\u0008\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2060-\u2064\ufeff]/g;

const PAGER = /--? ?more ?--?|\(END\)/gi;

const LINE_ENDS = /\r\n|[\n\r\u000b\f\u0085\u2028\u2029]/;

/** A prompt such as `host[0]#` or `r1(config-router)>`, with no blank before or inside it. */
const PROMPT = /^[\w.\-[\]()@:~/]{1,80}[#>]/;

/** The router's error message, in its words without secrets; undefined when there is none. */
function refusalIn(lines: readonly ScreenLine[]): string | undefined {
  const line =
    lines.find(({ text }) => text.startsWith('%') && !OWN_FILE.test(text)) ??
    lines.find(({ text }) => COMPLAINT.test(text) && !OWN_FILE.test(text));
  if (line === undefined) return undefined;
  const said = redactSecrets(line.text);
  return `the router answers: ${clipped(said).replace(/(?<!\.)\.$/, '')}`;
}

/** FRR's shell prints this before any answer when it has no configuration file of its own. */
const OWN_FILE = /^% can't open configuration file/i;

const LONGEST = 160;
const COMPLAINT =
  /\bnot (?:enabled|running|found|configured|permitted|allowed|supported|available|authorized|started|ready)\b|failed to|cannot|can't|could not|unable to|connection refused|permission denied|no such file|disabled|timed out|please wait|\bshut ?down\b/i;

/** Why an output cannot be read: it is empty, or the router's own words, or at least its beginning. */
export function whyUnreadable(lines: readonly ScreenLine[], otherwise: string): string {
  const first = lines.find(({ words }) => words.length > 0);
  if (first === undefined) return 'the output is empty';
  const refusal = refusalIn(lines);
  if (refusal !== undefined) return refusal;
  return `${otherwise}; it begins “${clipped(redactSecrets(first.text))}”`;
}

function clipped(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
