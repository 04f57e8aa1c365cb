import { describeValue } from '../domain/bgp/mapping.ts';
import type { KeyWriter, Snapshot } from '../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../domain/bgp/target.ts';
import {
  type Change,
  type ParsedCommand,
  unknownChange,
  WRITTEN_BY_OTHERS,
} from '../domain/change/change.ts';
import { STATE_WORDS } from '../domain/change/describe-state.ts';
import { type Difference, isForTarget, type Plan } from '../domain/change/plan.ts';
import { isRefusal, type Refusal, refuse } from '../domain/refusal.ts';
import type { ChangeCommand, Planner } from './grammar/declaration.ts';
import { refuseTwoAs } from './planning/as-conflicts.ts';
import { changeKey, planHead, restartsOn } from './planning/plan-parts.ts';
import { PATCH_LOOKUPS, RESTART_TMMS, SEE_TARGET } from './planning/rights.ts';
import { warningsFor } from './planning/warnings.ts';

/** Undoes what an earlier change wrote according to its journal, and nothing else. */
export const command: ChangeCommand = {
  kind: 'change',
  undoes: true,
  verb: 'rollback',
  summary: 'Undo an earlier change: write back what it replaced, and restart the TMM pods that read it',
  forms: [[{ name: 'ID', kind: 'change', need: 'required' }]],
  flags: ['reason', 'dry-run', 'allow-outage', 'break-glass'],
  examples: ['rollback BGP-142'],
  rights: [...SEE_TARGET, PATCH_LOOKUPS, ...RESTART_TMMS],
  read,
};

const UNDONE = ['halted', 'outcome_unknown', 'succeeded', 'closed'];

function read(parsed: ParsedCommand, earlier?: Change): Planner | Refusal {
  if (earlier === undefined) return unknownChange(parsed.args[0] ?? '');
  if (!UNDONE.includes(earlier.state)) {
    return refuse(
      'not_open',
      `${earlier.id} is ${STATE_WORDS[earlier.state].words}; there is nothing to roll back.`,
      `Type status ${earlier.id}.`,
    );
  }
  return (target, snapshot): Plan | Refusal => {
    if (snapshot.clusterUid !== earlier.plan.cluster.uid) return otherCluster(earlier);
    if (!isForTarget(earlier.plan, target)) return otherPlace(earlier);
    const differences = undo(earlier, target, snapshot);
    if (isRefusal(differences)) return differences;
    const clash = refuseTwoAs(target, snapshot, differences);
    if (clash !== undefined) return clash;
    const restarts = restartsSince(earlier, snapshot);
    if (differences.length + restarts.length === 0) {
      return refuse(
        'nothing_to_do',
        `Nothing that ${earlier.id} wrote is left to undo.`,
        'Type show to see the mapping.',
      );
    }
    return {
      ...planHead('rollback', target, snapshot),
      differences,
      restarts,
      strategy: restarts.length === 0 ? 'none' : 'rolling',
      allowOutage: parsed.flags['allow-outage'] === true,
      warnings: warningsFor(snapshot, differences, restarts),
      // A rollback is rolled back under the rule of what it rolled back.
      rollsBack: { change: earlier.id, verb: earlier.plan.rollsBack?.verb ?? earlier.plan.verb },
    };
  };
}

/** Refuses another cluster, whatever it contains: the change was not written there. */
function otherCluster({ id, plan: { target } }: Change): Refusal {
  return refuse(
    'other_cluster',
    `${id} was carried out in a different cluster from the one that target ${target} points to now.`,
    `Check kubeconfig and context of target ${target}.`,
  );
}

/** Refuses other lookups and TMM pods of the same cluster: another SPK instance may hold the same values. */
function otherPlace({ id, plan: { target, namespace, cluster } }: Change): Refusal {
  return refuse(
    'target_gone',
    `${id} was carried out on lookups in ${namespace} and TMM pods ${cluster.tmm.selector} in ${cluster.tmm.namespace}; target ${target} of the policy means others now.`,
    `Put target ${target} back as it was, or give the nodes the peers that they should have: rotate NODE IP.`,
  );
}

/** Only keys that the change wrote, and only where they still have its value. */
function undo(earlier: Change, target: Target, snapshot: Snapshot): readonly Difference[] | Refusal {
  const differences: Difference[] = [];
  for (const { lookup, node, before, after } of writesOf(earlier).map(({ difference }) => difference)) {
    const reference = lookupsOf(target).find(({ name }) => name === lookup);
    // Only lookups of the target are read: nothing is known of what another one holds.
    if (reference === undefined) {
      return refuse(
        'unknown_lookup',
        `Target ${target.name} has no lookup ${lookup} any more.`,
        'Put it back into the policy first.',
      );
    }
    const now = snapshot.lookups.get(lookup)?.data[node] ?? null;
    if (now === before) continue;
    if (now !== after) {
      return changedSince(
        earlier.id,
        { lookup, node, wrote: after, now },
        snapshot.lookups.get(lookup)?.writers[node],
      );
    }
    const difference = changeKey(snapshot, reference, node, before);
    if (isRefusal(difference)) return difference;
    differences.push(difference);
  }
  return differences;
}

/**
 * TMM pods on the changed nodes that started since the change: they read what is undone now. Clocks differ, so a pod that did not
 * exist before the change's first eviction on the node counts in any case.
 */
function restartsSince(earlier: Change, snapshot: Snapshot): Plan['restarts'] {
  return writesOf(earlier)
    .flatMap(({ difference: { node }, atMs }) => {
      const sinceAtMs = wholeSecond(atMs);
      const known = podsBeforeEviction(earlier, node);
      return restartsOn(
        snapshot,
        [node],
        ({ createdAtMs, uid }) => createdAtMs >= sinceAtMs || known?.includes(uid) === false,
      );
    })
    .filter(({ node }, index, all) => all.findIndex((other) => other.node === node) === index);
}

/** Uids of the TMM pods before the first eviction on a node; undefined if there was none. */
function podsBeforeEviction({ journal }: Change, node: string): readonly string[] | undefined {
  return journal.find(
    ({ step, before }) => step.kind === 'evict' && step.node === node && before !== undefined,
  )?.before?.pods;
}

/** Kubernetes reports the start of a pod in whole seconds. */
function wholeSecond(atMs: number): number {
  return Math.floor(atMs / 1000) * 1000;
}

interface Changed {
  readonly lookup: string;
  readonly node: string;
  readonly wrote: string | null;
  readonly now: string | null;
}

function changedSince(
  id: string,
  { lookup, node, wrote, now }: Changed,
  writer: KeyWriter | undefined,
): Refusal {
  const by = writer === undefined ? 'Somebody' : `${writer.manager} (${writer.at})`;
  return refuse(
    'mapping_changed_meanwhile',
    `${node} holds ${describeValue(now)} in ${lookup}; ${id} wrote ${describeValue(wrote)}. ${by} changed it since.`,
    'Find out why; then give the node what it should have: rotate NODE IP.',
  );
}

/** A key that a change wrote, or may have written, and when it was about to. */
export interface Write {
  readonly difference: Difference;
  readonly atMs: number;
}

/** The writes in the journal, including those that were only intended, since they may have happened. */
export function writesOf({ plan, journal }: Change): readonly Write[] {
  return plan.differences.flatMap((difference) => {
    const entries = journal.filter(
      ({ step }) =>
        step.kind === 'write' && step.lookup === difference.lookup && step.node === difference.node,
    );
    const [first] = entries;
    const byOthers = entries.some(({ found }) => found === WRITTEN_BY_OTHERS);
    return first === undefined || byOthers ? [] : [{ difference, atMs: first.atMs }];
  });
}
