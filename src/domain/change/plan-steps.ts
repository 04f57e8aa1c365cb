import type { Change, Step } from './change.ts';
import { entriesOf } from './journal.ts';
import type { Plan } from './plan.ts';

/** The steps of a plan in the order in which they are carried out: node by node, unless all TMM pods restart at once. */
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
  const nodes = new Set([...differences, ...restarts].map(({ node }) => node));
  const turns = new Map([...nodes].map((node, turn) => [node, turn]));
  const turnOf = ({ node }: Step): number => turns.get(node) ?? 0;
  return steps.sort((one, other) => turnOf(one) - turnOf(other));
}

/** How many steps there are, and how many of them are done. */
export function stepCounts(change: Pick<Change, 'plan' | 'journal'>): {
  readonly done: number;
  readonly all: number;
} {
  const entryOf = entriesOf(change);
  const steps = stepsInOrder(change.plan);
  return {
    done: steps.filter((step) => entryOf(step, 'found') !== undefined).length,
    all: steps.length,
  };
}
