import type { Target } from '../bgp/target.ts';
import type { FreezeWindow } from './freeze.ts';
import { names } from './names.ts';
import type { RequiredApproval } from './required-approvals.ts';

/** The policy file, validated: targets, groups and rules. */
export interface Policy {
  /** The slash command, `/bgp` unless set. */
  readonly command: string;
  /** Channels in which commands are accepted. */
  readonly channels: readonly string[];
  readonly auditChannel: string;
  readonly targets: readonly [Target, ...Target[]];
  readonly groups: ReadonlyMap<string, Group>;
  readonly rules: readonly Rule[];
  /** Freezes by the calendar. */
  readonly freezes: readonly FreezeWindow[];
}

/** People by user id, by Slack user group, or both. */
export interface Group {
  readonly name: string;
  readonly users: readonly string[];
  readonly userGroups: readonly string[];
  /** Its members are named, not @-mentioned, where a change waits for them. */
  readonly quiet?: boolean;
}

export interface Rule {
  readonly name: string;
  /** Verbs; `*`: all. */
  readonly commands: readonly string[];
  /** Target names; `*`: all. */
  readonly targets: readonly string[];
  /** Groups whose members may request; `*`: every full member of the workspace. */
  readonly ask: readonly string[];
  /** Approvals that a request needs; empty: none. */
  readonly requiredApprovals: readonly RequiredApproval[];
  /** Groups whose members may run a change without approval and in a freeze, which is announced loudly. */
  readonly breakGlass: readonly string[];
  readonly approveByMs: number;
  readonly executeByMs: number;
  /** Whether rolling back a change that halted needs no approval of its own. */
  readonly waiveRollback: boolean;
}

/** The present groups of a person. */
export type Membership = ReadonlySet<string>;

/** The first rule, in the order of the file, for this verb on this target. */
export function ruleFor(policy: Policy, verb: string, target: string): Rule | undefined {
  return policy.rules.find((rule) => names(rule.commands, verb) && names(rule.targets, target));
}

/** Whether this person is in one of the named groups. */
export function holds(groups: readonly string[], membership: Membership): boolean {
  return groups.some((group) => group === '*' || membership.has(group));
}

/** The verb whose rule decides: a rollback is decided like what it rolls back, unless a rule names `rollback` itself. */
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
