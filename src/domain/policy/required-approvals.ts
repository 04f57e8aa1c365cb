/** So many distinct people of any of these groups; `*` stands for every full member. A person takes one seat at most. */
export interface RequiredApproval {
  readonly groups: readonly string[];
  readonly count: number;
}

/** How many distinct people must approve in all. */
export function wanted(requiredApprovals: readonly RequiredApproval[]): number {
  return requiredApprovals.reduce((sum, { count }) => sum + count, 0);
}

/** How many seats these approvers fill at best; each approver is given as the groups they are in. */
export function countSatisfied(
  requiredApprovals: readonly RequiredApproval[],
  approvers: readonly Groups[],
): number {
  return seat(requiredApprovals, approvers).filter((taken) => taken !== undefined).length;
}

/** The seats that stay empty however the approvers are seated. */
export function unsatisfied(
  requiredApprovals: readonly RequiredApproval[],
  approvers: readonly Groups[],
): readonly RequiredApproval[] {
  const taken = seat(requiredApprovals, approvers);
  let at = 0;
  return requiredApprovals.flatMap(({ groups, count }) => {
    const empty = taken.slice(at, at + count).filter((approver) => approver === undefined).length;
    at += count;
    return empty === 0 ? [] : [{ groups, count: empty }];
  });
}

/** All groups whose people may approve. */
export function approvingGroups(requiredApprovals: readonly RequiredApproval[]): readonly string[] {
  return [...new Set(requiredApprovals.flatMap(({ groups }) => groups))];
}

/** `2 of leads or network, and 1 of platform`. */
export function describeRequiredApprovals(requiredApprovals: readonly RequiredApproval[]): string {
  return requiredApprovals
    .map(({ groups, count }) => `${count} of ${groups.includes('*') ? 'all members' : groups.join(' or ')}`)
    .join(', and ');
}

type Groups = readonly string[];

/** Who takes which seat (Kuhn's matching): somebody who fits two seats moves over for somebody who fits only one. */
function seat(
  requiredApprovals: readonly RequiredApproval[],
  approvers: readonly Groups[],
): readonly (number | undefined)[] {
  const seats = requiredApprovals.flatMap(({ groups, count }) => Array.from({ length: count }, () => groups));
  const taken: (number | undefined)[] = seats.map(() => undefined);
  const place = (approver: number, tried: Set<number>): boolean => {
    for (const [at, groups] of seats.entries()) {
      if (tried.has(at) || !fits(groups, approvers[approver] ?? [])) continue;
      tried.add(at);
      const sitting = taken[at];
      if (sitting === undefined || place(sitting, tried)) {
        taken[at] = approver;
        return true;
      }
    }
    return false;
  };
  for (const approver of approvers.keys()) place(approver, new Set());
  return taken;
}

function fits(wantedGroups: readonly string[], groups: Groups): boolean {
  return wantedGroups.some((group) => group === '*' || groups.includes(group));
}
