import { keepsAll } from '../domain/audit/retention.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import type { Diagnostic } from '../domain/fault.ts';
import type { Environment } from './environment.ts';

const DAY_MS = 86_400_000;

/** What happens to the audit trail with these settings, for `doctor`: retention, signing, and other destinations. */
export function describeAudit({
  audit: { retention, stream },
  auditSigningKey,
  auditSignedHeadFile,
}: Pick<Environment, 'audit' | 'auditSigningKey' | 'auditSignedHeadFile'>): readonly Diagnostic[] {
  const { keepForMs, keepRecords } = retention;
  const rules = [
    ...(keepForMs === undefined ? [] : [`records of the last ${keepForMs / DAY_MS} days`]),
    ...(keepRecords === undefined
      ? []
      : [keepRecords === 1 ? 'the newest record' : `the newest ${keepRecords} records`]),
  ];
  const kept = keepsAll(retention) ? 'all records are kept' : `${rules.join(' and ')} are kept`;
  const streamed = stream === 'off' ? 'not streamed' : 'streamed to standard output';
  const text = `audit trail: ${kept}, heads ${auditSigningKey === undefined ? 'are not' : 'are'} signed, ${streamed}`;
  const settings: Diagnostic = { tone: 'good', text };
  if (auditSigningKey === undefined || auditSignedHeadFile !== undefined) return [settings];
  return [
    settings,
    {
      tone: 'warning',
      text: 'no file holds the last signed head: each start relies on the anchors in the audit channel and in the lookups',
      remedy: 'Set AUDIT_SIGNED_HEAD_FILE to a file on a volume that outlives the pod.',
    },
  ];
}

/**
 * Targets with the same TMM pods, and lookups shared by several targets, one sentence each. Neither is a fault: changes on the
 * same pods wait for each other, and writes of a key are guarded. But approvers should know.
 */
export function describeOverlaps(targets: readonly Target[]): readonly string[] {
  const pods = sharing(targets, ({ tmm }) => [`${tmm.selector} in ${tmm.namespace}`]);
  const lookups = sharing(targets, (target) =>
    lookupsOf(target).map(({ name }) => `${target.namespace}/${name}`),
  );
  return [
    ...pods.map(
      ({ names, what }) => `targets ${names} name the same TMM pods (${what}): one waits for the other`,
    ),
    ...lookups.map(
      ({ names, what }) => `targets ${names} share lookup ${what}: each changes what the other reads`,
    ),
  ];
}

/** Keys of the Helm values that the bot does not know, one sentence for each target that has some. */
export function describeUnknownValues(targets: readonly Target[]): readonly string[] {
  return targets.flatMap(({ name, unknownValues = [] }) =>
    unknownValues.length === 0
      ? []
      : [
          `target ${name}: the bot does not know the Helm values ${unknownValues.join(', ')}: they are neither compared nor shown`,
        ],
  );
}

/** Whatever more than one target of a cluster has, by the key that makes it the same. */
function sharing(
  targets: readonly Target[],
  thingsOf: (target: Target) => readonly string[],
): readonly { readonly names: string; readonly what: string }[] {
  const byThing = new Map<string, { readonly what: string; readonly names: Set<string> }>();
  for (const target of targets) {
    for (const what of thingsOf(target)) {
      const key = JSON.stringify([target.context ?? null, what]);
      const found = byThing.get(key) ?? { what, names: new Set<string>() };
      found.names.add(target.name);
      byThing.set(key, found);
    }
  }
  return [...byThing.values()]
    .filter(({ names }) => names.size > 1)
    .map(({ names, what }) => ({ names: [...names].join(' and '), what }));
}
