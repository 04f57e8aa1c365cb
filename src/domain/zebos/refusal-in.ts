import { redactSecrets } from './redact.ts';
import type { ScreenLine } from './screen-lines.ts';

/** What the router said instead of an answer, in its words without secrets; undefined when it said no such thing. */
export function refusalIn(lines: readonly ScreenLine[]): string | undefined {
  const line =
    lines.find(({ text }) => text.startsWith('%')) ?? lines.find(({ text }) => COMPLAINT.test(text));
  if (line === undefined) return undefined;
  const said = redactSecrets(line.text);
  return `the router answers: ${said.length > LONGEST ? `${said.slice(0, LONGEST)}…` : said}`;
}

const LONGEST = 160;
const COMPLAINT =
  /(?:is not running|not found|failed to connect|connection refused|permission denied|no such file)/i;
