import type { AuditRecord, EventName } from '../../../domain/audit/record.ts';
import { approvalProgress } from '../../../domain/change/approvals.ts';
import type { Change } from '../../../domain/change/change.ts';
import type { Policy } from '../../../domain/policy/policy.ts';
import { approvingGroups, type RequiredApproval } from '../../../domain/policy/required-approvals.ts';
import { groupMention, mention } from '../blocks/mrkdwn.ts';

/** How to mention the members of each group, in markup; without quiet groups. */
export type GroupMentions = ReadonlyMap<string, string>;

const MAX_USERS = 10;

export function mentionsOf({ groups }: Pick<Policy, 'groups'>): GroupMentions {
  const called = [...groups].filter(([, { quiet }]) => quiet !== true);
  return new Map(
    called.map(([name, { userGroups, users }]) => [
      name,
      [...userGroups.map(groupMention), ...[...users].slice(0, MAX_USERS).map(mention)].join(' '),
    ]),
  );
}

/** Mentions of those who have to act now, for the line of a record in the thread; empty for most records. */
export function mentionsFor({ event }: AuditRecord, change: Change, mentions: GroupMentions): string {
  if (HALTS.includes(event))
    return [mention(change.requester.userId), ...approvers(change.requiredApprovals, mentions)].join(' ');
  if (!WAITS_AGAIN.includes(event)) return '';
  return approvers(approvalProgress(change).missing, mentions).join(' ');
}

const HALTS: readonly string[] = ['change.halted', 'change.outcome_unknown'] satisfies readonly EventName[];
const WAITS_AGAIN: readonly string[] = [
  'change.approval_void',
  'change.reminded',
] satisfies readonly EventName[];

function approvers(required: readonly RequiredApproval[], mentions: GroupMentions): readonly string[] {
  return approvingGroups(required).flatMap((group) => mentions.get(group) ?? []);
}
