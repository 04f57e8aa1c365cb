import type { Fault } from '../domain/fault.ts';
import {
  approvingGroups,
  describeRequiredApprovals,
  unsatisfied,
} from '../domain/policy/required-approvals.ts';
import { suggest } from '../domain/suggest.ts';
import { type LenientPolicy, requiredApprovalsOf } from './policy-schema.ts';

type File = Pick<LenientPolicy, 'targets' | 'groups' | 'rules' | 'freezes'>;
type FileRule = File['rules'][number];

/** The fields of a registered command that the policy check needs. */
export interface KnownCommand {
  readonly verb: string;
  readonly kind: string;
  /** Decided by the rule of the change that it rolls back, unless a rule names it. */
  readonly undoes?: true;
}

/** Rules that name something that does not exist, or that nobody can satisfy. */
export function lintPolicy(file: File, commands: readonly KnownCommand[]): readonly Fault[] {
  const verbs = commands.map(({ verb }) => verb);
  const targets = file.targets.map(({ name }) => name);
  // A caller without the registry checks everything but the commands.
  const checked = (named: readonly string[]) => (verbs.length === 0 ? [] : named);
  return [
    ...repeated(targets).map((name) => fault('targets', `two are called ${name}`, 'Give each its own name.')),
    ...file.rules.flatMap((rule, at) => [
      ...unknown(checked(rule.commands), verbs, `rules[${at}].commands`, 'command'),
      ...unknown(rule.targets, targets, `rules[${at}].targets`, 'target'),
      ...unknown(rule.ask, Object.keys(file.groups), `rules[${at}].ask`, 'group'),
      ...unknown(
        approvingGroups(requiredApprovalsOf(rule)),
        Object.keys(file.groups),
        `rules[${at}].approve`,
        'group',
      ),
      ...unknown(rule.breakGlass, Object.keys(file.groups), `rules[${at}].breakGlass`, 'group'),
      ...countedTwice(rule, `rules[${at}]`),
      ...unsatisfiable(rule, file, `rules[${at}]`),
    ]),
    ...file.freezes.flatMap((freeze, at) => [
      ...unknown(freeze.targets, targets, `freezes[${at}].targets`, 'target'),
      ...unknown(checked(freeze.commands), verbs, `freezes[${at}].commands`, 'command'),
    ]),
    ...unapproved(file, commands),
  ];
}

/** Change commands without approvers, whose changes would wait forever. */
function unapproved(file: File, commands: readonly KnownCommand[]): Fault[] {
  const changes = commands.filter(({ kind }) => kind === 'change');
  return file.rules.flatMap((rule, at) => {
    if (requiredApprovalsOf(rule).length > 0) return [];
    const left = changes
      .filter(
        (command) =>
          rule.commands.includes(command.verb) ||
          (rule.commands.includes('*') && needsRule(file, command) && decides(file, at, command.verb)),
      )
      .map(({ verb }) => verb);
    return left.length === 0
      ? []
      : [
          fault(
            `rules[${at}].approve`,
            `${left.join(', ')} changes the cluster, and nobody could approve it`,
            'Name the groups whose people approve it, or put a rule for it before this one.',
          ),
        ];
  });
}

function needsRule(file: File, { verb, undoes }: KnownCommand): boolean {
  return undoes !== true || file.rules.some(({ commands }) => commands.includes(verb));
}

/** Whether rule `at` is the first that applies to this verb on one of its targets. */
function decides(file: File, at: number, verb: string): boolean {
  const before = file.rules
    .slice(0, at)
    .filter(({ commands }) => commands.includes(verb) || commands.includes('*'));
  const targets = file.rules[at]?.targets.includes('*')
    ? file.targets.map(({ name }) => name)
    : (file.rules[at]?.targets ?? []);
  return targets.some(
    (target) => !before.some((rule) => rule.targets.includes('*') || rule.targets.includes(target)),
  );
}

/** Faults for `approvals` beside numbers per group, which already determine the total. */
function countedTwice(rule: FileRule, where: string): Fault[] {
  return Array.isArray(rule.approve) || rule.approvals === undefined
    ? []
    : [
        fault(
          `${where}.approvals`,
          'approve says how many of each group already',
          'Remove approvals, or make approve a list.',
        ),
      ];
}

/** Rules with a requester for whom too few other approvers exist. The size of a user group is known only to Slack. */
function unsatisfiable(rule: FileRule, file: File, where: string): Fault[] {
  const requiredApprovals = requiredApprovalsOf(rule);
  const approvers = peopleOf(approvingGroups(requiredApprovals), file);
  const askers = peopleOf(rule.ask, file);
  if (approvers === undefined) return [];
  const missingWithout = (asker: string | undefined) =>
    unsatisfied(
      requiredApprovals,
      [...approvers].filter(([user]) => user !== asker).map(([, groups]) => groups),
    );
  const anybody = askers === undefined || askers.size === 0 ? [undefined] : [...askers.keys()];
  const missing = anybody.map(missingWithout);
  const [least] = missing.toSorted((one, other) => one.length - other.length);
  if (least === undefined || missing.some((approvals) => approvals.length === 0)) return [];
  return [
    fault(
      `${where}.approve`,
      `${describeRequiredApprovals(requiredApprovals)} must approve, never the requester, and ${describeRequiredApprovals(least)} could never approve`,
      'Name more people, or require fewer approvals.',
    ),
  ];
}

/** The groups of each person in any of these; undefined when one includes a Slack user group, or everybody. */
function peopleOf(names: readonly string[], file: File): ReadonlyMap<string, readonly string[]> | undefined {
  const people = new Map<string, string[]>();
  for (const name of names) {
    const group = Object.hasOwn(file.groups, name) ? file.groups[name] : undefined;
    if (group === undefined || group.userGroups.length > 0) return undefined;
    for (const user of group.users) people.set(user, [...(people.get(user) ?? []), name]);
  }
  return people;
}

function unknown(named: readonly string[], known: readonly string[], path: string, what: string): Fault[] {
  return named
    .filter((name) => name !== '*' && !known.includes(name))
    .map((name) => {
      const meant = suggest(name, known);
      const remedy = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
      return fault(path, `there is no ${what} ${name}`, remedy);
    });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

function fault(path: string, problem: string, remedy: string): Fault {
  return { path, problem, remedy };
}
