import { createHash } from 'node:crypto';
import type { Target } from '../bgp/target.ts';
import { canonicalJson } from '../json.ts';

/** What a change command will do. The digest covers all of it, so nothing in it may depend on when it was made. */
export interface Plan {
  readonly verb: string;
  readonly target: string;
  readonly namespace: string;
  readonly cluster: PlannedCluster;
  readonly differences: readonly Difference[];
  readonly restarts: readonly NodeRestart[];
  readonly strategy: RestartStrategy;
  /** Number of all TMM pods of the target when the plan was made, to show the share that restarts. */
  readonly tmmCount: number;
  /** Whether the last TMM with an Established session may be evicted. */
  readonly allowOutage: boolean;
  readonly warnings: readonly Warning[];
  /** The earlier change that this one rolls back, and its verb. */
  readonly rollsBack?: { readonly change: string; readonly verb: string };
}

/** Where the plan is valid: an approval is for one cluster, whatever a kubeconfig points to later. */
export interface PlannedCluster {
  /** Uid of the namespace kube-system, which is created with the cluster. */
  readonly uid: string;
  /** The TMM pods that it may touch. */
  readonly tmm: { readonly namespace: string; readonly selector: string };
  /** Uids of the lookups that exist, by name. */
  readonly lookups: Readonly<Record<string, string>>;
}

/** Key of a set of TMM pods: one change runs on it at a time, however many targets name it. */
export function tmmScope({ cluster: { uid, tmm } }: Pick<Plan, 'cluster'>): string {
  return `${uid}/${tmm.namespace}/${tmm.selector}`;
}

/** Whether a target still has the namespace of lookups and the set of TMM pods for which a plan was made. */
export function isForTarget(
  { namespace, cluster }: Pick<Plan, 'namespace' | 'cluster'>,
  { namespace: ofLookups, tmm }: Pick<Target, 'namespace' | 'tmm'>,
): boolean {
  return (
    namespace === ofLookups &&
    cluster.tmm.namespace === tmm.namespace &&
    cluster.tmm.selector === tmm.selector
  );
}

export type RestartStrategy = 'none' | 'rolling' | 'all at once';

/** One key of one lookup; `null`: the key does not exist. */
export interface Difference {
  readonly lookup: string;
  readonly asn: number;
  readonly node: string;
  readonly before: string | null;
  readonly after: string | null;
  /** The ConfigMap itself does not exist yet and is created with this key. */
  readonly createsLookup: boolean;
}

export interface NodeRestart {
  readonly node: string;
  readonly pods: readonly { readonly name: string; readonly uid: string }[];
}

export interface Warning {
  readonly code: string;
  readonly sentence: string;
  /** The node concerned, where there is one. */
  readonly node?: string;
}

/** Warnings after which a node may end without a TMM pod. */
const WITHOUT_TMM: ReadonlySet<string> = new Set([
  'replacement_elsewhere',
  'replacement_unschedulable',
  'node_gone',
]);

/** Whether the approver was warned that this node may have no TMM pod afterwards. */
export function foresawNoTmm({ warnings }: Pick<Plan, 'warnings'>, node: string): boolean {
  return warnings.some((warning) => warning.node === node && WITHOUT_TMM.has(warning.code));
}

/** One unit of execution of a plan, with its own journal entries. */
export type Step =
  | { readonly kind: 'write'; readonly lookup: string; readonly node: string }
  | { readonly kind: 'evict'; readonly node: string; readonly pod: string; readonly uid: string }
  | { readonly kind: 'check'; readonly node: string; readonly pod: string; readonly uid: string };

/** The steps of a plan in order of execution: node by node, unless all TMM pods restart at once. */
export function stepsInOrder({ differences, restarts, strategy }: Plan): readonly Step[] {
  const writes = differences.map(({ lookup, node }): Step => ({ kind: 'write', lookup, node }));
  const pods = (strategy === 'none' ? [] : restarts).flatMap(({ node, pods }) =>
    pods.map(({ name, uid }) => ({ node, pod: name, uid })),
  );
  if (strategy === 'all at once')
    return [
      ...writes,
      ...pods.map((pod): Step => ({ kind: 'evict', ...pod })),
      ...pods.map((pod): Step => ({ kind: 'check', ...pod })),
    ];
  const steps = [
    ...writes,
    ...pods.flatMap((pod): readonly Step[] => [
      { kind: 'evict', ...pod },
      { kind: 'check', ...pod },
    ]),
  ];
  const turns = new Map(nodesOf({ differences, restarts }).map((node, turn) => [node, turn]));
  const turnOf = ({ node }: Step): number => turns.get(node) ?? 0;
  return steps.sort((one, other) => turnOf(one) - turnOf(other));
}

/** The nodes that a plan changes, in the order in which it changes them. */
export function nodesOf({
  differences,
  restarts,
}: Pick<Plan, 'differences' | 'restarts'>): readonly string[] {
  return [...new Set([...differences, ...restarts].map(({ node }) => node))];
}

/** SHA-256 over the plan's canonical JSON (RFC 8785), in hex. */
export function digestOf(plan: Plan): string {
  return createHash('sha256').update(canonicalJson(plan)).digest('hex');
}
