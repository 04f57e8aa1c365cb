import type { Completions } from '../../src/slack/page/slack-page.ts';

export interface Completion {
  readonly word: string;
  readonly hint?: string;
}

/** What may follow, best first: the last word of what is typed is completed. Empty when it is complete already. */
export function completionsOf(text: string, { commands, verbs, words }: Completions): readonly Completion[] {
  const typed = text.split(/\s+/);
  const last = typed.at(-1)?.toLowerCase() ?? '';
  if (!text.startsWith('/')) return [];
  const candidates =
    typed.length === 1
      ? commands.map((word) => ({ word }))
      : typed.length === 2
        ? verbs.map(([word, hint]) => ({ word, hint }))
        : last === ''
          ? []
          : words.map((word) => ({ word }));
  const matching = candidates.filter(
    ({ word }) => word.toLowerCase().includes(last) && word.toLowerCase() !== last,
  );
  return matching
    .sort((one, other) => Number(!one.word.startsWith(last)) - Number(!other.word.startsWith(last)))
    .slice(0, MOST);
}

const MOST = 24;

/** The text with its last word completed, ready for the next one. */
export function completed(text: string, word: string): string {
  return `${text.replace(/\S*$/, '')}${word} `;
}
