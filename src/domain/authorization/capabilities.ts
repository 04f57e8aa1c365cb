import { DECISIONS, type DecisionVerb } from '../change/decisions.ts';
import type { Person } from '../person.ts';
import {
  decidingVerb,
  holds,
  type Membership,
  type Policy,
  type Rule,
  ruleFor,
  ruleNaming,
} from '../policy/policy.ts';
import { approvingGroups } from '../policy/required-approvals.ts';
import { isRefusal } from '../refusal.ts';
import { type Action, authorize } from './authorize.ts';

/** The part of a command that decides who may use it. */
export type Operation =
  | {
      readonly kind: 'local query';
      readonly verb: string;
      readonly audience: 'everybody' | 'members' | 'requesters';
    }
  | { readonly kind: 'query' | 'freeze'; readonly verb: string }
  /** `undoes`: allowed by the rule of the change that it rolls back, unless a rule names the verb itself. */
  | { readonly kind: 'change'; readonly verb: string; readonly undoes?: true }
  | { readonly kind: 'decision'; readonly verb: string; readonly decides: DecisionVerb };

/** What somebody may do with one command on one target. */
export interface Capability {
  readonly verb: string;
  readonly kind: Operation['kind'];
  readonly target: string;
  readonly use: boolean;
  /** Whether they may approve what somebody else requests with it. */
  readonly approve: boolean;
  readonly breakGlass: boolean;
  /** The rule that decides it; undefined where no rule names it, or where it depends on what is rolled back. */
  readonly rule: Rule | undefined;
  readonly dependsOnUndone: boolean;
}

/** What this person may do, per command and target, as `authorize` would answer. */
export function capabilities(
  policy: Policy,
  person: Person,
  membership: Membership,
  operations: readonly Operation[],
): readonly Capability[] {
  return operations.flatMap((operation) =>
    policy.targets.map(({ name: target }) => capability(policy, person, membership, operation, target)),
  );
}

function capability(
  policy: Policy,
  person: Person,
  membership: Membership,
  operation: Operation,
  target: string,
): Capability {
  const { kind, verb } = operation;
  const command = { verb, kind, target };
  if (kind === 'decision') {
    return {
      ...command,
      ...NO_RULE,
      use: policy.rules.some((rule) => decidesBy(rule, operation.decides, membership)),
    };
  }
  if (kind === 'change' && operation.undoes === true && decidingVerb(policy, verb, '') !== verb) {
    const use = policy.rules.some(({ ask }) => holds(ask, membership));
    return { ...command, ...NO_RULE, use, dependsOnUndone: true };
  }
  // In a channel of the policy: where a command may be typed is reported separately.
  const facts = { person, channel: policy.channels[0] ?? '', membership };
  const rule = kind === 'freeze' ? ruleNaming(policy, verb, [target]) : ruleFor(policy, verb, target);
  return {
    ...command,
    use: !isRefusal(authorize(policy, facts, actionOf(operation, target))),
    approve: holds(approvingGroups(rule?.requiredApprovals ?? []), membership),
    breakGlass: kind === 'change' && holds(rule?.breakGlass ?? [], membership),
    rule,
    dependsOnUndone: false,
  };
}

const NO_RULE = { approve: false, breakGlass: false, rule: undefined, dependsOnUndone: false } as const;

function actionOf(operation: Exclude<Operation, { kind: 'decision' }>, target: string): Action {
  const { verb } = operation;
  switch (operation.kind) {
    case 'local query':
      return { kind: 'local query', verb, audience: operation.audience, answerTo: 'person' };
    case 'freeze':
      return { kind: 'freeze', verb, target };
    case 'query':
    case 'change':
      return { kind: 'request', verb, target };
  }
}

/** Whether some change under this rule could be decided like this; a requester may at least cancel and resume their own. */
function decidesBy(rule: Rule, verb: DecisionVerb, membership: Membership): boolean {
  const { right } = DECISIONS[verb];
  if (right === 'break-glass') return holds(rule.breakGlass, membership);
  const approving = approvingGroups(rule.requiredApprovals);
  return holds(right === 'approver' ? approving : [...approving, ...rule.ask], membership);
}
