import type { Snapshot } from '../domain/bgp/snapshot.ts';
import type { Target } from '../domain/bgp/target.ts';
import type { ParsedCommand } from '../domain/change/change.ts';
import type { Plan, Warning } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { type JudgedPod, judgeStaleness } from './inspection/find-stale.ts';
import { clusterNodes, findNode } from './planning/find-node.ts';
import { planHead } from './planning/plan-head.ts';
import { restartsOn, tmmNodes } from './planning/restarts.ts';
import { DELETE_PODS, RESTART_TMMS, SEE_TARGET } from './planning/rights.ts';
import { warningsFor } from './planning/warnings.ts';

/** Replaces TMM pods so that they read their mapping anew: one by one behind gates, or all at once as the doc has it. */
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
      if (isRefusal(node)) return node;
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
        ...staleUnknown(stale),
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

/** `--stale` becomes the nodes whose TMM pods are stale now; the flag then says of which nodes that is unknown. */
async function resolve(
  parsed: ParsedCommand,
  target: Target,
  snapshot: Snapshot,
  cluster: Pick<Cluster, 'imish'>,
): Promise<ParsedCommand | Refusal> {
  if (parsed.flags.stale === undefined) return parsed;
  const asked = new Set<string>();
  for (const typedName of namesIn(parsed)) {
    const node = findNode(typedName, clusterNodes(snapshot), 'change');
    if (isRefusal(node)) return node;
    asked.add(node.name);
  }
  const judged = await judgeStaleness(cluster, target, snapshot);
  const nodesOf = (kind: JudgedPod['staleness']['kind']): readonly string[] => {
    const nodes = judged.flatMap(({ pod, staleness }) => (staleness.kind === kind ? (pod.node ?? []) : []));
    return [...new Set(nodes)].filter((node) => asked.size === 0 || asked.has(node)).sort();
  };
  const stale = nodesOf('stale');
  const unknown = nodesOf('unknown').filter((node) => !stale.includes(node));
  if (stale.length === 0) {
    return refuse(
      'nothing_to_do',
      unknown.length === 0
        ? 'No TMM pod is known to be stale.'
        : `No TMM pod is known to be stale; of ${unknown.join(', ')} it is unknown.`,
      'Type stale to see how they stand.',
    );
  }
  const flag = unknown.length === 0 ? (true as const) : `${UNKNOWN_ON}${unknown.join(', ')}`;
  return { ...parsed, args: stale, flags: { ...parsed.flags, stale: flag } };
}

const UNKNOWN_ON = 'unknown on ';

function staleUnknown(stale: string | true | undefined): readonly Warning[] {
  if (typeof stale !== 'string') return [];
  const nodes = stale.slice(UNKNOWN_ON.length);
  return [
    {
      code: 'stale_unknown',
      sentence: `Whether the TMM pods on ${nodes} are stale is unknown: they are not restarted.`,
    },
  ];
}

function namesIn({ args }: ParsedCommand): readonly string[] {
  return args.flatMap((arg) => arg.split(/[,;]+/)).filter((part) => part !== '');
}

function atOnceWarning(selector: string, namespace: string): Warning {
  return {
    code: 'at_once',
    sentence: `These TMM pods are deleted at the same time, as kubectl delete pods -l ${selector} -n ${namespace} does: an outage, which no PodDisruptionBudget prevents.`,
  };
}
