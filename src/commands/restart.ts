import type { Snapshot } from '../domain/bgp/snapshot.ts';
import type { Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import type { Plan, Warning } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Cluster } from '../ports/cluster.ts';
import { flagWithoutDashes, withoutAnd } from './grammar/addresses.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { flagName, isFlagName } from './grammar/flags.ts';
import { type JudgedPod, judgeStaleness } from './inspection/find-stale.ts';
import { clusterNodes, findNode } from './planning/find-node.ts';
import { planHead, restartsOn, tmmNodes } from './planning/plan-parts.ts';
import { DELETE_PODS, RESTART_TMMS, SEE_TARGET } from './planning/rights.ts';
import { warningsFor } from './planning/warnings.ts';

/** Replaces TMM pods so that they read their mapping again: one by one with checks, or all at once as F5 documents it. */
export const command: ChangeCommand = {
  kind: 'change',
  verb: 'restart',
  summary: 'Replace the TMM pods of nodes, so that they read their mapping; one by one unless --at-once',
  forms: [[{ name: 'NODE', kind: 'node', need: 'repeated' }], []],
  flags: ['all', 'stale', 'at-once', 'target', 'reason', 'dry-run', 'allow-outage', 'break-glass'],
  examples: [
    'restart worker1.rack.example.com',
    'restart --all',
    'restart --stale',
    'restart --all --at-once --reason maintenance window',
  ],
  rights: [...SEE_TARGET, ...RESTART_TMMS, DELETE_PODS],
  read,
  resolve,
};

function read(parsed: ParsedCommand): Planner | Refusal {
  const all = parsed.flags.all === true;
  if (all && parsed.args.length > 0) {
    return refuse('unknown_argument', 'You named nodes and said --all.', 'Type either the nodes or --all.');
  }
  const { stale } = parsed.flags;
  if (all && stale !== undefined) {
    return refuse('unknown_argument', 'You said --all and --stale.', 'Type one of them.');
  }
  if (!all && stale === undefined && parsed.args.length === 0) {
    return refuse(
      'missing_argument',
      'restart needs the nodes, --all or --stale.',
      'Type restart worker1.rack.example.com, restart --all or restart --stale.',
    );
  }
  return (target, snapshot): Plan | Refusal => {
    const names: string[] = [];
    for (const typedName of namesIn(parsed)) {
      const node = findNode(typedName, clusterNodes(snapshot), 'change');
      if (isRefusal(node))
        return isFlagName(flagName(typedName)) ? flagWithoutDashes(typedName, 'unknown_node') : node;
      names.push(node.name);
    }
    const restarts = restartsOn(snapshot, all ? tmmNodes(snapshot) : names);
    const restarted = new Set(restarts.map(({ node }) => node));
    const idle = names.filter((name) => !restarted.has(name));
    if (restarts.length === 0) {
      const where = all ? `namespace ${target.tmm.namespace}` : idle.join(', ');
      return refuse('no_tmm_pods', `No TMM pod runs on ${where}.`, 'Type nodes to see where they run.');
    }
    const atOnce = parsed.flags['at-once'] === true;
    return {
      ...planHead('restart', target, snapshot),
      differences: [],
      restarts,
      strategy: atOnce ? 'all at once' : 'rolling',
      allowOutage: atOnce || parsed.flags['allow-outage'] === true,
      warnings: [
        ...notRestarted(stale),
        ...(atOnce ? [atOnceWarning(target.tmm.selector, target.tmm.namespace)] : []),
        ...idle.map((name) => ({
          code: 'no_tmm_there',
          sentence: `No TMM pod runs on ${name}; nothing happens there.`,
        })),
        ...warningsFor(snapshot, [], restarts),
      ],
    };
  };
}

/**
 * Resolves `--stale` to the nodes whose TMM pods are stale now and where a restart helps; the flag's value then names the nodes
 * where that is unknown, and those where a restart changes nothing.
 */
async function resolve(
  parsed: ParsedCommand,
  target: Target,
  snapshot: Snapshot,
  cluster: Pick<Cluster, 'imish' | 'tmmState'>,
): Promise<ParsedCommand | Refusal> {
  if (parsed.flags.stale === undefined) return parsed;
  const asked = new Set<string>();
  for (const typedName of namesIn(parsed)) {
    const node = findNode(typedName, clusterNodes(snapshot), 'change');
    if (isRefusal(node)) return node;
    asked.add(node.name);
  }
  // The snapshot may be from the watches, which do not include the controllers of the pods.
  const state = await cluster.tmmState();
  if (isRefusal(state)) return state;
  const judged = (await judgeStaleness(cluster, target, state)).filter(
    ({ pod: { node = '' } }) => asked.size === 0 || asked.has(node),
  );
  const stale = nodesOf(judged.filter(isHelped));
  const held = judged.filter(
    ({ staleness }) => staleness.kind === 'stale' && staleness.instead !== undefined,
  );
  const heldOn = nodesOf(held).filter((node) => !stale.includes(node));
  const unknown = nodesOf(judged.filter(({ staleness }) => staleness.kind === 'unknown')).filter(
    (node) => !stale.includes(node) && !heldOn.includes(node),
  );
  if (stale.length === 0) return nothingToRestart(held, unknown);
  const parts = [
    ...(unknown.length === 0 ? [] : [`${UNKNOWN_ON}${unknown.join(', ')}`]),
    ...(heldOn.length === 0 ? [] : [`${HELD_ON}${heldOn.join(', ')}`]),
  ];
  return {
    ...parsed,
    args: stale,
    flags: { ...parsed.flags, stale: parts.length === 0 || parts.join('; ') },
  };
}

function isHelped({ staleness }: JudgedPod): boolean {
  return staleness.kind === 'stale' && staleness.instead === undefined;
}

function nodesOf(judged: readonly JudgedPod[]): readonly string[] {
  return [...new Set(judged.flatMap(({ pod }) => pod.node ?? []))].sort();
}

function nothingToRestart(held: readonly JudgedPod[], unknown: readonly string[]): Refusal {
  const [first] = held;
  if (first?.staleness.kind === 'stale') {
    const { pod, staleness } = first;
    const more = held.length === 1 ? '' : `, and ${held.length - 1} more like it`;
    return refuse(
      'nothing_to_do',
      `A restart would not update any stale TMM pod. ${pod.name} on ${pod.node ?? 'no node'} is stale: ${staleness.why}${more}.`,
      `${staleness.instead ?? ''}`,
    );
  }
  const of = unknown.length === 0 ? '' : `; for ${unknown.join(', ')} it is unknown`;
  return refuse('nothing_to_do', `No TMM pod is known to be stale${of}.`, 'Type stale for details.');
}

const UNKNOWN_ON = 'unknown on ';
const HELD_ON = 'held on ';

/** Warnings for nodes whose TMM pods are not restarted, as noted by `resolve`: a plan is made from the words alone. */
function notRestarted(stale: string | true | undefined): readonly Warning[] {
  if (typeof stale !== 'string') return [];
  return stale.split('; ').flatMap((part): Warning[] => {
    if (part.startsWith(UNKNOWN_ON)) {
      const sentence = `Whether the TMM pods on ${part.slice(UNKNOWN_ON.length)} are stale is unknown: they are not restarted.`;
      return [{ code: 'stale_unknown', sentence }];
    }
    if (part.startsWith(HELD_ON)) {
      const sentence = `The TMM pods on ${part.slice(HELD_ON.length)} run an older pod template, which a restart does not change: they are not restarted. Type stale to see why.`;
      return [{ code: 'stale_held', sentence }];
    }
    return [];
  });
}

function namesIn({ args }: ParsedCommand): readonly string[] {
  return withoutAnd(args.flatMap((arg) => arg.split(/[,;&]+/)));
}

function atOnceWarning(selector: string, namespace: string): Warning {
  return {
    code: 'at_once',
    sentence: `These TMM pods are deleted at the same time, as kubectl delete pods -l ${selector} -n ${namespace} does: an outage, which no PodDisruptionBudget prevents.`,
  };
}
