/** Approvals by so many distinct people of any of these groups; `*` means every full member. */
export interface RequiredApproval {
  readonly groups: readonly string[];
  readonly count: number;
}

/** How many distinct people must approve in all. */
export function countRequired(required: readonly RequiredApproval[]): number {
  return required.reduce((sum, { count }) => sum + count, 0);
}

/** How many required approvals these approvers satisfy at best; each approver is given as the groups they are in. */
export function countSatisfied(required: readonly RequiredApproval[], approvers: readonly Groups[]): number {
  return assign(required, approvers).filter((approver) => approver !== undefined).length;
}

/** The required approvals that stay unsatisfied however the approvers are counted. */
export function unsatisfied(
  required: readonly RequiredApproval[],
  approvers: readonly Groups[],
): readonly RequiredApproval[] {
  const assigned = assign(required, approvers);
  let at = 0;
  return required.flatMap(({ groups, count }) => {
    const missing = assigned.slice(at, at + count).filter((approver) => approver === undefined).length;
    at += count;
    return missing === 0 ? [] : [{ groups, count: missing }];
  });
}

/** All groups whose people may approve. */
export function approvingGroups(required: readonly RequiredApproval[]): readonly string[] {
  return [...new Set(required.flatMap(({ groups }) => groups))];
}

/** `2 of leads or network, and 1 of platform`. */
export function describeRequiredApprovals(required: readonly RequiredApproval[]): string {
  return required
    .map(({ groups, count }) => `${count} of ${groups.includes('*') ? 'all members' : groups.join(' or ')}`)
    .join(', and ');
}

type Groups = readonly string[];

/**
 * Assigns each approver to at most one required approval (Kuhn's maximum matching): somebody who could give two of them
 * gives the one for which there is nobody else. The result has one entry per approval: the approver's index, or undefined.
 */
function assign(
  required: readonly RequiredApproval[],
  approvers: readonly Groups[],
): readonly (number | undefined)[] {
  const approvals = required.flatMap(({ groups, count }) => Array.from({ length: count }, () => groups));
  const assigned: (number | undefined)[] = approvals.map(() => undefined);
  const place = (approver: number, tried: Set<number>): boolean => {
    for (const [at, groups] of approvals.entries()) {
      if (tried.has(at) || !mayGive(groups, approvers[approver] ?? [])) continue;
      tried.add(at);
      const other = assigned[at];
      if (other === undefined || place(other, tried)) {
        assigned[at] = approver;
        return true;
      }
    }
    return false;
  };
  for (const approver of approvers.keys()) place(approver, new Set());
  return assigned;
}

function mayGive(required: Groups, groups: Groups): boolean {
  return required.some((group) => group === '*' || groups.includes(group));
}
