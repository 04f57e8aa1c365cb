import type { Answer, Part } from '../answer.ts';
import { valueOnOneLine } from '../bgp/mapping.ts';
import { counted } from '../phrasing.ts';
import { EVICTED_BY_OTHERS, WRITTEN_BY_OTHERS } from './change.ts';
import { describeCover, describeLive, restartLines } from './describe-impact.ts';
import type { StepsPhase } from './describe-state.ts';
import { coverOf, type Impact } from './impact.ts';
import { impactWarnings } from './impact-warnings.ts';
import { nodesOf, type Plan, type Step } from './plan.ts';

/** A plan in words, for `--dry-run`: shown to the requester alone. */
export function describePlan(plan: Plan, digest: string, impact?: Impact): Answer {
  return {
    title: `What ${plan.verb} would do on ${plan.target}`,
    parts: [
      ...describePlanParts(plan, 'to come', impact),
      {
        kind: 'text',
        text: `This was a dry run: nothing was changed or proposed. Plan ${digest.slice(0, 12)}.`,
      },
    ],
  };
}

/** Difference, restarts, sessions and warnings, where they are not empty in this phase of the steps. */
export function describePlanParts(plan: Plan, phase: StepsPhase, impact?: Impact): readonly Part[] {
  const live = phase === 'to come' ? impact : undefined;
  const lines = differenceLines(plan, live);
  const restart = describeRestart(plan, phase);
  const nodes = live === undefined ? plan.restarts.map(({ node }) => node).join(', ') : '';
  const open = phase !== 'over' && phase !== 'never begun';
  const cover = live === undefined ? undefined : describeCover(plan, live);
  return [
    ...(lines.length === 0 ? [] : [{ kind: 'preformatted' as const, text: lines.join('\n') }]),
    ...(restart === undefined
      ? []
      : [{ kind: 'text' as const, text: nodes === '' ? restart : `${restart} Nodes: ${nodes}.` }]),
    ...(live === undefined
      ? []
      : [{ kind: 'preformatted' as const, text: restartLines(plan, live).join('\n') }]),
    ...(cover === undefined ? [] : [{ kind: 'text' as const, text: cover }]),
    ...(open ? [...impactWarnings(plan, live), ...plan.warnings] : []).map(({ sentence }) => ({
      kind: 'note' as const,
      tone: 'warning' as const,
      text: sentence,
    })),
  ];
}

/** The difference per lookup, in the form of `diff`; with the state of the sessions beside the old mapping. */
export function differenceLines(plan: Plan, impact?: Impact): readonly string[] {
  const lookups = [...new Set(plan.differences.map(({ lookup }) => lookup))];
  return lookups.flatMap((lookup) => {
    const own = plan.differences.filter((difference) => difference.lookup === lookup);
    const [first] = own;
    const heading = `${plan.namespace}/${lookup} (AS ${first?.asn ?? '?'})${first?.createsLookup === true ? ', new ConfigMap' : ''}`;
    return [
      heading,
      ...own.flatMap(({ node, before, after }) => [
        ...(before === null
          ? []
          : [`- ${node}: ${valueOnOneLine(before)}${liveBeside(node, before, impact)}`]),
        ...(after === null ? [] : [`+ ${node}: ${valueOnOneLine(after)}`]),
      ]),
    ];
  });
}

/** How many TMM pods restart and how, before the start. One sentence without names, so that it is never cut. */
export function restartSentence(plan: Plan): string {
  const pods = restartedPods(plan);
  if (pods === 0) return `No TMM pod is restarted.${readAtStart(plan)}`;
  if (plan.strategy === 'all at once')
    return pods === 1 ? `${shareOf(plan)} is deleted.` : `${shareOf(plan)} are deleted at the same time.`;
  return pods === 1
    ? `${shareOf(plan)} restarts.`
    : `${shareOf(plan)} restart, one at a time, each only after BGP of the one before is back.`;
}

/** The same in the tense of the phase; undefined where the completed steps say it better. */
export function describeRestart(plan: Plan, phase: StepsPhase): string | undefined {
  const pods = restartedPods(plan);
  switch (phase) {
    case 'to come':
    case 'under way':
      return restartSentence(plan);
    case 'stopped':
    case 'over':
      return pods === 0 ? `No TMM pod was restarted.${readAtStart(plan)}` : undefined;
    case 'never begun':
      return pods === 0 ? undefined : `${shareOf(plan)} would have been restarted.`;
  }
}

/** How many TMM pods the plan restarts. */
export function restartedPods({ strategy, restarts }: Plan): number {
  return strategy === 'none' ? 0 : restarts.reduce((sum, { pods }) => sum + pods.length, 0);
}

/** The fields of a step that its words need. */
export type StepName =
  | Pick<Extract<Step, { kind: 'write' }>, 'kind' | 'lookup' | 'node'>
  | Pick<Extract<Step, { kind: 'evict' | 'check' }>, 'kind' | 'node' | 'pod'>;

/** A step in words that follow "about to"; `removes`: the write deletes the mapping. */
export function describeStep(step: StepName, removes = false): string {
  switch (step.kind) {
    case 'write':
      return removes ? `remove ${step.node} from ${step.lookup}` : `write ${step.node} in ${step.lookup}`;
    case 'evict':
      return `restart ${step.pod} on ${step.node}`;
    case 'check':
      return `check BGP after the restart of ${step.pod} on ${step.node}`;
  }
}

/** A completed step with its result: `BGP is back after the restart of f5-tmm-1 on worker1: f5-tmm-9 on worker1 Established`. */
export function describeDoneStep(step: StepName, found: string): string {
  switch (step.kind) {
    case 'write':
      if (found === WRITTEN_BY_OTHERS) return `${step.node} in ${step.lookup} needed no change`;
      return found === 'removed'
        ? `removed ${step.node} from ${step.lookup}`
        : `wrote ${step.node} in ${step.lookup}`;
    case 'evict':
      return found === EVICTED_BY_OTHERS
        ? `${step.pod} on ${step.node} was gone already`
        : `${found === 'deleted' ? 'deleted' : 'evicted'} ${step.pod} on ${step.node}`;
    case 'check': {
      const seen = found === '' ? '' : `: ${found}`;
      return `BGP is back after the restart of ${step.pod} on ${step.node}${seen}`;
    }
  }
}

/** Whether this step of the plan deletes a mapping. */
export function removesMapping({ differences }: Plan, step: Step): boolean {
  return (
    step.kind === 'write' &&
    differences.some(
      ({ lookup, node, after }) => after === null && lookup === step.lookup && node === step.node,
    )
  );
}

/** Checks that passed when the plan was made, shown to approvers; failed ones are warnings of the plan. */
export function passedChecks(plan: Plan, impact?: Impact): readonly string[] {
  const { differences, restarts, warnings, allowOutage } = plan;
  const covers = impact === undefined ? [] : coverOf(plan, impact);
  const warned = new Set(warnings.map(({ code }) => code));
  const writes = differences.length > 0;
  const adds = differences.some(({ after }) => after !== null);
  const nodes = nodesOf(plan).length;
  const checks: readonly (readonly [boolean, string])[] = [
    [adds, 'every peer address is valid in its lookup'],
    [
      adds && !warned.has('address_shared') && !warned.has('sharing_unknown'),
      'no other node has the new peers',
    ],
    [writes, 'the lookup is writable and has room'],
    [
      nodes > 0 && !warned.has('node_gone') && !warned.has('node_not_ready'),
      nodes === 1 ? 'the node is Ready' : `all ${nodes} nodes are Ready`,
    ],
    [
      covers.length > 0 && covers.every(({ carriers }) => carriers.length > 0),
      'another TMM carries traffic meanwhile',
    ],
    [
      covers.length === 0 && restarts.length > 0 && !allowOutage && !warned.has('sole_tmm'),
      'another TMM pod stays while one restarts',
    ],
  ];
  return checks.filter(([passed]) => passed).map(([, words]) => words);
}

function shareOf(plan: Plan): string {
  return `${restartedPods(plan)} of ${counted(plan.tmmCount, 'TMM pod')}`;
}

function readAtStart({ differences }: Plan): string {
  return differences.length > 0 ? ' TMM pods read the mapping when they start.' : '';
}

function liveBeside(node: string, value: string, impact: Impact | undefined): string {
  const live = impact === undefined ? undefined : describeLive(node, value, impact);
  return live === undefined ? '' : `   now: ${live}`;
}
