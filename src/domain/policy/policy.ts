import type { Target } from '../bgp/target.ts';
import type { FreezeWindow } from './freeze.ts';
import type { RequiredApproval } from './required-approvals.ts';

/** The policy file, validated: what there is, and who may do what with it. */
export interface Policy {
  /** The slash command, `/bgp` unless set. */
  readonly command: string;
  /** Channels in which commands are taken. */
  readonly channels: readonly string[];
  readonly auditChannel: string;
  readonly targets: readonly [Target, ...Target[]];
  readonly groups: ReadonlyMap<string, Group>;
  readonly rules: readonly Rule[];
  /** When nothing may be changed, by the calendar. */
  readonly freezes: readonly FreezeWindow[];
}

/** People by user id, by Slack user group, or both. */
export interface Group {
  readonly name: string;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  /** Its people are named where a change waits for them, and not called. */
  readonly quiet?: boolean;
}

export interface Rule {
  readonly name: string;
  /** Verbs; `*` stands for all. */
  readonly commands: readonly string[];
  /** Target names; `*` stands for all. */
  readonly targets: readonly string[];
  /** Groups whose people may ask; `*` stands for every full member of the workspace. */
  readonly ask: readonly string[];
  /** Whose approvals it takes. Empty: a question that needs none. */
  readonly requiredApprovals: readonly RequiredApproval[];
  /** Groups whose people may have a change run without approval and in a freeze, loudly. */
  readonly breakGlass: readonly string[];
  readonly approveByMs: number;
  readonly executeByMs: number;
  /** Whether rolling back a change that halted needs no approval of its own. */
  readonly waiveRollback: boolean;
}

/** The groups a person is in, as found out just now. */
export type Membership = ReadonlySet<string>;

/** The first rule, in the order of the file, that speaks of this verb on this target. */
export function ruleFor(policy: Policy, verb: string, target: string): Rule | undefined {
  return policy.rules.find((rule) => names(rule.commands, verb) && names(rule.targets, target));
}

/** Whether one of the named groups holds this person. */
export function holds(groups: readonly string[], membership: Membership): boolean {
  return groups.some((group) => group === '*' || membership.has(group));
}

/** The verb whose rule decides: undoing is decided as what it undoes, unless a rule speaks of `rollback` itself. */
export function decidingVerb(policy: Policy, verb: string, undone: string | undefined): string {
  if (undone === undefined || policy.rules.some(({ commands }) => commands.includes(verb))) return verb;
  return undone;
}

/** The first rule that names this verb itself, on all of these targets: `*` gives no right to stop everybody's work. */
export function ruleNaming(policy: Policy, verb: string, targets: readonly string[]): Rule | undefined {
  return policy.rules.find(
    (rule) => rule.commands.includes(verb) && targets.every((target) => names(rule.targets, target)),
  );
}

function names(listed: readonly string[], name: string): boolean {
  return listed.includes('*') || listed.includes(name);
}
