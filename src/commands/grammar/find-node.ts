import { nearest } from '../../domain/nearest.ts';
import { shortNameMatches } from '../../domain/node-name.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';

/**
 * The node that was typed, among the names there are. A short name is completed for a question when only one
 * node has it; a change must be given the full name, so it is offered and never guessed.
 */
export function findNode(
  typed: string,
  names: readonly string[],
  purpose: 'question' | 'change',
): { readonly name: string } | Refusal {
  const name = typed.toLowerCase();
  if (names.includes(name)) return { name };
  const matches = shortNameMatches(name, names);
  const [only] = matches;
  if (only !== undefined && matches.length === 1 && purpose === 'question') return { name: only };
  if (matches.length > 0) {
    return refuse(
      'short_node_name',
      `${visible(typed)} is a short name; the cluster knows ${matches.join(', ')}.`,
      `Type the full name: ${matches.join(' or ')}.`,
    );
  }
  const near = nearest(name, names);
  return refuse(
    'unknown_node',
    `I know no node ${visible(typed)} here.`,
    near === undefined ? 'Type nodes to see the nodes there are.' : `Did you mean ${near}?`,
  );
}

/** Letters that only look like Latin ones are shown as what they are. */
function visible(typed: string): string {
  return typed
    .slice(0, 100)
    .replace(/[^\x21-\x7e]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
}
