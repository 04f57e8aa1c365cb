import { type Change, isHalted, OPEN_STATES } from './change.ts';
import { type Plan, tmmScope } from './plan.ts';

/** Changes that somebody who looks at one wants to know of. */
export interface Related {
  /** Open or halted, of the same TMM pods; the oldest first. */
  readonly open: readonly Change[];
  /** Those that roll it back; the oldest first. */
  readonly rolledBackBy: readonly Change[];
  /** The last one before it that did something on one of its nodes and has ended. */
  readonly before: Change | undefined;
}

/** @param recent the newest first; what is older is not found */
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

/** The nodes that both name. */
export function sharedNodes(change: Change, other: Change): readonly string[] {
  const nodes = new Set(nodesOf(change.plan));
  return [...new Set(nodesOf(other.plan))].filter((node) => nodes.has(node));
}

/** Whether somebody or something still has to act on it. */
export function isUnfinished(change: Change): boolean {
  return OPEN_STATES.some((state) => state === change.state) || isHalted(change);
}

/** Every node that it names; a node may be in it twice. */
export function nodesOf({ differences, restarts }: Plan): readonly string[] {
  return [...differences, ...restarts].map(({ node }) => node);
}
