import type { AccountStatus } from '../person.ts';
import type { Rule } from '../policy/policy.ts';
import {
  approvingGroups,
  describeRequiredApprovals,
  type RequiredApproval,
  unsatisfied,
} from '../policy/required-approvals.ts';
import { type Refusal, refuse } from '../refusal.ts';

/** Why this account may do nothing here, whatever the policy says. `homeTeam` is the bot's own team. */
export function refuseAccount(status: AccountStatus | undefined, homeTeam: string): Refusal | undefined {
  if (status === undefined) return peopleUnreachable('who you are');
  const next = 'Ask a full member of this workspace to do it.';
  if (status.bot) return refuse('bot', 'Bots may not request or decide anything here.', next);
  if (status.teamId !== homeTeam)
    return refuse(
      'other_workspace',
      'People of other workspaces may not request or decide anything here.',
      next,
    );
  if (status.deactivated) return refuse('deactivated', 'This account is deactivated.', next);
  if (status.guest) return refuse('guest', 'Guests may not request or decide anything here.', next);
  return undefined;
}

/** Why too few people who could approve under this rule are present; undefined when there are enough. */
export function refuseUnsatisfiable(
  rule: Rule,
  approvers: readonly (readonly string[])[] | undefined,
): Refusal | undefined {
  if (rule.requiredApprovals.length === 0) return noApprovers(rule);
  if (approvers === undefined) return peopleUnreachable('who could approve');
  const missing = unsatisfied(withoutEverybody(rule.requiredApprovals), approvers);
  if (missing.length === 0) return undefined;
  const who =
    approvers.length === 0
      ? 'nobody is available to give one'
      : `too few people are available: ${describeRequiredApprovals(missing)} could never approve`;
  return refuse(
    'nobody_can_approve',
    `Rule "${rule.name}" requires approval by ${describeRequiredApprovals(rule.requiredApprovals)}, never by the requester, and ${who}.`,
    `Have more people added to ${approvingGroups(missing).join(' or ')}.`,
  );
}

/** Without approvals that every full member of the workspace may give: they cannot be counted, and need not be. */
function withoutEverybody(required: readonly RequiredApproval[]): readonly RequiredApproval[] {
  return required.filter(({ groups }) => !groups.includes('*'));
}

function noApprovers({ name }: Rule): Refusal {
  return refuse(
    'nobody_can_approve',
    `Rule "${name}" names nobody who approves a change.`,
    'Name approvers in the policy.',
  );
}

function peopleUnreachable(what: 'who you are' | 'who could approve'): Refusal {
  return refuse(
    'people_unreachable',
    `Slack could not be asked ${what}, so the answer is no.`,
    'Try again in a minute; if this persists, the log of the bot says why.',
  );
}
