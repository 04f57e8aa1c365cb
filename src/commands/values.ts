import { stringify } from 'yaml';
import type { Answer } from '../domain/answer.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { ClusterQuery } from './grammar/declaration.ts';

/** Step 3 of F5's procedure: the Helm values that refer to the lookups, from the policy. */
export const command: ClusterQuery = {
  kind: 'query',
  verb: 'values',
  summary: 'The Helm values that refer to the lookups, password left out',
  forms: [[]],
  flags: ['target', 'public'],
  examples: ['values'],
  rights: [],
  read: () => async (target) => answer(target),
};

function answer(target: Target): Answer {
  const { unknownValues = [] } = target;
  return {
    title: `Helm values of ${target.name}`,
    parts: [
      { kind: 'preformatted', text: stringify(valuesOf(target), { lineWidth: 0 }) },
      ...(unknownValues.length === 0
        ? []
        : [
            {
              kind: 'note' as const,
              tone: 'warning' as const,
              text: `Unknown to the bot, so neither shown nor compared: ${unknownValues.join(', ')}.`,
            },
          ]),
      {
        kind: 'facts',
        rows: lookupsOf(target).map(({ name, asn }) => [
          `ConfigMap ${target.namespace}/${name}`,
          `peers of AS ${asn}`,
        ]),
      },
    ],
  };
}

/** In Helm's own shape, for pasting; a password is only shown as set. */
function valuesOf({ bgp }: Target): unknown {
  const neighbors = bgp.neighbors.map(({ passwordSet, ...neighbor }) => ({
    ...neighbor,
    ...(passwordSet ? { password: '<set, not shown>' } : {}),
  }));
  const { maxPathsEbgp = 'null', maxPathsIbgp = 'null' } = bgp;
  const values = { ...bgp, maxPathsEbgp, maxPathsIbgp, neighbors };
  return { tmm: { dynamicRouting: { tmmRouting: { config: { bgp: values } } } } };
}
