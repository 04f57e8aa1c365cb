import { type Change, isUnfinished } from './change.ts';
import { nodesOf, tmmScope } from './plan.ts';

/** Changes related to a displayed one. */
export interface Related {
  /** Open or halted changes of the same TMM pods; the oldest first. */
  readonly open: readonly Change[];
  /** Changes that roll it back; the oldest first. */
  readonly rolledBackBy: readonly Change[];
  /** The last change before it that acted on one of its nodes and has ended. */
  readonly before: Change | undefined;
}

/** @param recent the newest first; older changes are not found */
export function relatedChanges(change: Change, recent: readonly Change[]): Related {
  const others = recent.filter(({ id }) => id !== change.id);
  const scope = tmmScope(change.plan);
  const nodes = new Set(nodesOf(change.plan));
  return {
    open: others.filter((other) => isUnfinished(other) && tmmScope(other.plan) === scope).toReversed(),
    rolledBackBy: others.filter(({ plan }) => plan.rollsBack?.change === change.id).toReversed(),
    before: others.find(
      (other) =>
        other.createdAtMs <= change.createdAtMs &&
        other.journal.length > 0 &&
        !isUnfinished(other) &&
        tmmScope(other.plan) === scope &&
        nodesOf(other.plan).some((node) => nodes.has(node)),
    ),
  };
}

/** The nodes that both have. */
export function sharedNodes(change: Change, other: Change): readonly string[] {
  const nodes = new Set(nodesOf(change.plan));
  return nodesOf(other.plan).filter((node) => nodes.has(node));
}
