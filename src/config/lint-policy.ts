import type { Fault } from '../domain/fault.ts';
import { nearest } from '../domain/nearest.ts';
import type { LooseFile } from './loose-policy.ts';

type File = Pick<LooseFile, 'targets' | 'groups' | 'rules'>;
type FileRule = File['rules'][number];

/** Rules that name what is not there, or that nobody can satisfy. */
export function lintPolicy(file: File, verbs: readonly string[]): readonly Fault[] {
  const targets = file.targets.map(({ name }) => name);
  return [
    ...repeated(targets).map((name) => fault('targets', `two are called ${name}`, 'Give each its own name.')),
    ...file.rules.flatMap((rule, at) => [
      ...unknown(rule.commands, verbs, `rules[${at}].commands`, 'command', verbs.length > 0),
      ...unknown(rule.targets, targets, `rules[${at}].targets`, 'target'),
      ...unknown(rule.ask, Object.keys(file.groups), `rules[${at}].ask`, 'group'),
      ...unknown(rule.approve, Object.keys(file.groups), `rules[${at}].approve`, 'group'),
      ...hopeless(rule, file, `rules[${at}]`),
    ]),
    ...unapproved(file),
  ];
}

const CHANGES = ['add', 'remove', 'rotate', 'restart'];

/** A change that no rule lets anybody approve would wait for ever. */
function unapproved(file: File): Fault[] {
  return file.rules.flatMap((rule, at) => {
    if (rule.approve.length > 0) return [];
    const left = CHANGES.filter(
      (verb) => rule.commands.includes(verb) || (rule.commands.includes('*') && decides(file, at, verb)),
    );
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

/** Whether rule `at` is the first that speaks of this verb on one of its targets. */
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

function hopeless(rule: FileRule, file: File, where: string): Fault[] {
  const groups = rule.approve.map((name) => file.groups[name]);
  if (rule.approve.length === 0 || rule.approve.includes('*')) return [];
  // How many a user group holds is known to Slack alone, and asked when a request is made.
  if (groups.some((group) => group === undefined || group.userGroups.length > 0)) return [];
  const people = new Set(groups.flatMap((group) => group?.users ?? [])).size;
  if (people < rule.approvals) {
    return [
      fault(
        `${where}.approvals`,
        `${rule.approvals} are wanted, and ${people} could give one`,
        'Name more people, or want fewer approvals.',
      ),
    ];
  }
  return [];
}

function unknown(
  named: readonly string[],
  known: readonly string[],
  path: string,
  what: string,
  checked = true,
): Fault[] {
  if (!checked) return [];
  return named
    .filter((name) => name !== '*' && !known.includes(name))
    .map((name) => {
      const meant = nearest(name, known);
      const cure = meant === undefined ? `There are ${known.join(', ')}.` : `Did you mean ${meant}?`;
      return fault(path, `there is no ${what} ${name}`, cure);
    });
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, at) => names.indexOf(name) !== at))];
}

function fault(path: string, problem: string, cure: string): Fault {
  return { path, problem, cure };
}
