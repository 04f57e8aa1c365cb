import type { ParsedCommand } from '../domain/change/change.ts';
import type { Plan, Warning } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
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
  flags: ['all', 'at-once', 'target', 'reason', 'dry-run', 'allow-outage', 'break-glass'],
  examples: [
    'restart worker1.rack.example.com',
    'restart --all',
    'restart --all --at-once --reason maintenance window',
  ],
  rights: [...SEE_TARGET, ...RESTART_TMMS, DELETE_PODS],
  read,
};

function read(parsed: ParsedCommand): Planner | Refusal {
  const all = parsed.flags.all === true;
  if (all && parsed.args.length > 0) {
    return refuse('unknown_argument', 'You named nodes and said --all.', 'Type either the nodes or --all.');
  }
  if (!all && parsed.args.length === 0) {
    return refuse(
      'missing_argument',
      'restart needs the nodes, or --all.',
      'Type restart worker1.rack.example.com, or restart --all.',
    );
  }
  return (target, snapshot): Plan | Refusal => {
    const names: string[] = [];
    for (const typedName of parsed.args.flatMap((arg) => arg.split(/[,;]+/)).filter((part) => part !== '')) {
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

function atOnceWarning(selector: string, namespace: string): Warning {
  return {
    code: 'at_once',
    sentence: `These TMM pods are deleted at the same time, as kubectl delete pods -l ${selector} -n ${namespace} does: an outage, which no PodDisruptionBudget prevents.`,
  };
}
