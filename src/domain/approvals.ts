import type { Change } from './change.ts';
import type { Membership } from './policy.ts';
import { approvingGroups, emptySeats, filled, type Seats, wanted } from './quorum.ts';

/** How far a change is approved. */
export interface Approvals {
  readonly given: number;
  readonly wanted: number;
  /** Whose approvals are still to come. */
  readonly missing: readonly Seats[];
}

/** Counts distinct people, each for one seat of the quorum. */
export function approvalsOf({ quorum, decisions }: Pick<Change, 'quorum' | 'decisions'>): Approvals {
  const approvers = decisions.filter(({ kind }) => kind === 'approval').map(({ groups }) => groups);
  return {
    given: filled(quorum, approvers),
    wanted: wanted(quorum),
    missing: emptySeats(quorum, approvers),
  };
}

/** The groups of a person that this change's quorum speaks of. */
export function seatedGroups({ quorum }: Pick<Change, 'quorum'>, membership: Membership): readonly string[] {
  return approvingGroups(quorum).filter((group) => membership.has(group));
}
