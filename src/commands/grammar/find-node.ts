import { firstLabel, shortNameMatches } from '../../domain/bgp/node-name.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';
import type { NodeNames } from '../planning/known-nodes.ts';

/**
 * The node that was typed, among the names there are. A short name is completed for a question when only one
 * node has it; a change must be given the full name, so it is offered and never guessed.
 */
export function findNode(
  parsed: string,
  names: NodeNames,
  purpose: 'query' | 'change',
): { readonly name: string } | Refusal {
  const name = parsed.toLowerCase();
  if (names.has(name)) return { name };
  const matches = shortNameMatches(name, names.labelled(firstLabel(name)));
  const [only] = matches;
  if (only !== undefined && matches.length === 1 && purpose === 'query') return { name: only };
  if (matches.length > 0) {
    return refuse(
      'short_node_name',
      `${escapeInvisible(parsed)} is a short name; the cluster knows ${matches.join(', ')}.`,
      `Type the full name: ${matches.join(' or ')}.`,
    );
  }
  const near = suggest(name, names.all());
  return refuse(
    'unknown_node',
    `I know no node ${escapeInvisible(parsed)} here.`,
    near === undefined ? 'Type nodes to see the nodes there are.' : `Did you mean ${near}?`,
  );
}

/** Letters that only look like Latin ones are shown as what they are. */
function escapeInvisible(parsed: string): string {
  return parsed
    .slice(0, 100)
    .replace(/[^\x21-\x7e]/gu, (letter) => `\\u{${letter.codePointAt(0)?.toString(16) ?? ''}}`);
}
