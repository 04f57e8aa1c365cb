import type { Change } from '../../domain/change/change.ts';
import type { Difference } from '../../domain/change/plan.ts';

/** A key that a change wrote, or may have written, and when it set out to. */
export interface Write {
  readonly difference: Difference;
  readonly atMs: number;
}

/** What the journal says was written; what was only intended may have happened too. */
export function writesOf({ plan, journal }: Change): readonly Write[] {
  return plan.differences.flatMap((difference) => {
    const entry = journal.find(
      ({ step }) =>
        step.kind === 'write' && step.lookup === difference.lookup && step.node === difference.node,
    );
    return entry === undefined ? [] : [{ difference, atMs: entry.atMs }];
  });
}
