import type { Answer, Part } from '../answer.ts';
import type { Plan } from './plan.ts';

/** A plan in words, for `--dry-run`: what would happen, shown to the asker alone. */
export function describePlan(plan: Plan, digest: string): Answer {
  return {
    title: `What ${plan.verb} would do on ${plan.target}`,
    parts: [
      ...describePlanParts(plan),
      { kind: 'text', text: `Nothing was changed or asked for. Plan ${digest.slice(0, 12)}.` },
    ],
  };
}

/** Difference, restarts and warnings. */
export function describePlanParts(plan: Plan): readonly Part[] {
  const lines = differenceLines(plan);
  return [
    ...(lines.length === 0 ? [] : [{ kind: 'preformatted' as const, text: lines.join('\n') }]),
    { kind: 'text', text: restartSentence(plan) },
    ...plan.warnings.map(({ sentence }) => ({
      kind: 'note' as const,
      tone: 'warning' as const,
      text: sentence,
    })),
  ];
}

/** The difference per lookup, as `diff` would show it. */
export function differenceLines(plan: Plan): readonly string[] {
  const lookups = [...new Set(plan.differences.map(({ lookup }) => lookup))];
  return lookups.flatMap((lookup) => {
    const own = plan.differences.filter((difference) => difference.lookup === lookup);
    const [first] = own;
    const heading = `${plan.namespace}/${lookup} (AS ${first?.asn ?? '?'})${first?.createsLookup === true ? ', created' : ''}`;
    return [
      heading,
      ...own.flatMap(({ node, before, after }) => [
        ...(before === null ? [] : [`- ${node}: ${oneLine(before)}`]),
        ...(after === null ? [] : [`+ ${node}: ${oneLine(after)}`]),
      ]),
    ];
  });
}

/** Who is restarted, and how much of the capacity that takes. */
export function restartSentence(plan: Plan): string {
  const pods = plan.restarts.flatMap((restart) => restart.pods);
  const nodes = plan.restarts.map(({ node }) => node).join(', ');
  if (plan.strategy === 'none' || pods.length === 0) {
    return plan.differences.length > 0
      ? 'No TMM pod is restarted. TMM pods read the mapping when they start.'
      : 'No TMM pod is restarted.';
  }
  if (plan.strategy === 'all at once')
    return `All ${pods.length} of ${plan.tmmCount} TMM pods on ${nodes} are deleted at the same time.`;
  return `${pods.length} of ${plan.tmmCount} TMM pods restart, one at a time, each only after BGP of the one before is back: ${nodes}.`;
}

function oneLine(value: string): string {
  return value.replace(/\n/g, '\\n');
}
