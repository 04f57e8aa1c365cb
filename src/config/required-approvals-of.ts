import type { RequiredApproval } from '../domain/policy/required-approvals.ts';

/** How the policy file says whose approvals a rule takes. */
export interface FileApproval {
  readonly approve: readonly string[] | Readonly<Record<string, number>>;
  readonly approvals?: number | undefined;
}

/** `[leads]` with `approvals: 2` is two of leads; `{ network: 1, platform: 1 }` is one of each. */
export function requiredApprovalsOf({ approve, approvals = 1 }: FileApproval): readonly RequiredApproval[] {
  if (isList(approve)) return approve.length === 0 ? [] : [{ groups: approve, count: approvals }];
  return Object.entries(approve).map(([group, count]) => ({ groups: [group], count }));
}

function isList(approve: FileApproval['approve']): approve is readonly string[] {
  return Array.isArray(approve);
}
