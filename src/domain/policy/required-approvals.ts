/** Approvals by this many distinct people of any of these groups; `*`: every full member. */
export interface RequiredApproval {
  readonly groups: readonly string[];
  readonly count: number;
}

/** Total number of distinct people who must approve. */
export function countRequired(required: readonly RequiredApproval[]): number {
  return required.reduce((sum, { count }) => sum + count, 0);
}

/** Maximum number of required approvals that these approvers satisfy; each approver is given as their groups. */
export function countSatisfied(required: readonly RequiredApproval[], approvers: readonly Groups[]): number {
  return assign(required, approvers).filter((approver) => approver !== undefined).length;
}

/** The required approvals that remain unsatisfied under any assignment of the approvers. */
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

/** All groups whose members may approve. */
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
 * Assigns each approver to at most one required approval (Kuhn's maximum matching): somebody who could satisfy two of them is
 * assigned to the one that nobody else can satisfy. The result has one entry per approval: the approver's index, or undefined.
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
