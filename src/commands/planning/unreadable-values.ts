import { mentionedAddresses, quotedValue, readMapping } from '../../domain/bgp/mapping.ts';
import type { Snapshot } from '../../domain/bgp/snapshot.ts';
import type { LookupReference } from '../../domain/bgp/target.ts';
import type { Difference, NodeRestart, Warning } from '../../domain/change/plan.ts';

/** One key of a lookup whose peers cannot be read. */
export interface UnreadableValue {
  readonly lookup: string;
  readonly node: string;
  /** The quoted value where it is text, and why it cannot be read; without a full stop. */
  readonly why: string;
}

/** Every value of these lookups that cannot be read: text that is not addresses, and keys in `binaryData`. */
export function unreadableValues(
  snapshot: Snapshot,
  references: readonly Pick<LookupReference, 'name'>[],
): readonly UnreadableValue[] {
  return references.flatMap(({ name }) => {
    const { unreadable, data } = snapshot.lookupIndex(name);
    const binary = snapshot.lookups.get(name)?.binaryKeys ?? [];
    return [
      ...unreadable.keys().map((node) => ({
        lookup: name,
        node,
        why: `${quotedValue(data[node] ?? '')}: ${unreadable.get(node)}`,
      })),
      ...binary.map((node) => ({ lookup: name, node, why: 'the key is in binaryData' })),
    ];
  });
}

const MAX_VALUES = 10;

/** Warns about values that stay unchanged, because it is unknown whether they are concerned. */
export function unreadableWarnings(values: readonly UnreadableValue[]): readonly Warning[] {
  const more = values.length - MAX_VALUES;
  return [
    ...values.slice(0, MAX_VALUES).map(
      ({ lookup, node, why }): Warning => ({
        code: 'value_unreadable',
        sentence: `The value of ${node} in ${lookup} cannot be read and is left as it is (${why}).`,
      }),
    ),
    ...(more <= 0
      ? []
      : [
          {
            code: 'value_unreadable',
            sentence:
              more === 1
                ? '1 more value cannot be read and is left as it is.'
                : `${more} more values cannot be read and are left as they are.`,
          },
        ]),
  ];
}

/** Values that cannot be read and that this plan overwrites, adds to, or lets TMM pods start with. */
export function unreadableInPlan(
  snapshot: Snapshot,
  differences: readonly Difference[],
  restarts: readonly NodeRestart[],
): readonly Warning[] {
  const replaced = differences.flatMap(({ node, lookup, before, after }): Warning[] => {
    const why = whyUnreadable(before);
    if (before === null || why === undefined) return [];
    const becomes = after === null ? 'is removed' : 'is replaced as a whole';
    const sentence = `The current value of ${node} in ${lookup}, ${quotedValue(before)}, cannot be read (${why}) and ${becomes}.`;
    return [{ code: 'value_unreadable', node, sentence }];
  });
  const changed = new Set(differences.map(({ lookup, node }) => `${lookup}/${node}`));
  const named = new Set(differences.map(({ node }) => node));
  const restarted = new Set(restarts.map(({ node }) => node));
  const references = [...snapshot.lookups.keys()].map((name) => ({ name }));
  const read = unreadableValues(snapshot, references)
    .filter(({ node, lookup }) => !changed.has(`${lookup}/${node}`))
    .flatMap(({ node, lookup, why }): Warning[] => {
      if (restarted.has(node)) {
        const sentence = `${node} restarts with a value in ${lookup} that cannot be read (${why}): the change halts after the restart.`;
        return [{ code: 'restarts_unreadable', node, sentence }];
      }
      if (!named.has(node)) return [];
      const sentence = `The value of ${node} in ${lookup} cannot be read and is left as it is (${why}): its TMM starts with it.`;
      return [{ code: 'value_unreadable', node, sentence }];
    });
  return [...replaced, ...read];
}

/** Other nodes that may have the new peers too: their values cannot be read. */
export function sharingUnknown(snapshot: Snapshot, differences: readonly Difference[]): readonly Warning[] {
  const changed = new Set(differences.map(({ node }) => node));
  const adds = differences.some(({ before, after }) => {
    const held = new Set(mentionedAddresses(before ?? ''));
    return mentionedAddresses(after ?? '').some((address) => !held.has(address));
  });
  if (!adds) return [];
  const references = [...snapshot.lookups.keys()].map((name) => ({ name }));
  const nodes = unreadableValues(snapshot, references)
    .map(({ node }) => node)
    .filter((node) => !changed.has(node) && snapshot.node(node) !== undefined);
  const names = [...new Set(nodes)];
  if (names.length === 0) return [];
  const more = names.length > MAX_VALUES ? ` and ${names.length - MAX_VALUES} more` : '';
  const sentence = `Whether ${names.slice(0, MAX_VALUES).join(', ')}${more} has one of the new peers too is unknown: the value cannot be read.`;
  return [{ code: 'sharing_unknown', sentence }];
}

function whyUnreadable(value: string | null): string | undefined {
  const mapping = readMapping(value ?? '');
  return 'unreadable' in mapping ? mapping.unreadable : undefined;
}
