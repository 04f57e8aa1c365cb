import { type Refusal, refuse } from '../../domain/refusal.ts';
import { suggest } from '../../domain/suggest.ts';

/** Every flag that a command may declare. `words` extends to the next flag, so that a reason needs no quotes. */
export const FLAGS = {
  lookup: {
    takes: 'word',
    placeholder: 'NAME',
    meaning: 'which lookup (ConfigMap), where several would fit',
  },
  target: { takes: 'word', placeholder: 'NAME', meaning: 'which target, where the policy has several' },
  reason: {
    takes: 'words',
    placeholder: 'TEXT',
    meaning: 'why: the approver reads it, the audit trail keeps it',
  },
  'dry-run': { takes: 'nothing', meaning: 'show the plan to me alone and change nothing' },
  'allow-outage': {
    takes: 'nothing',
    meaning: 'restart even the last TMM with an Established session: traffic may stop',
  },
  'break-glass': {
    takes: 'nothing',
    meaning: 'propose it even in a freeze or with nobody to approve; break-glass runs it',
  },
  all: { takes: 'nothing', meaning: 'every node with a TMM pod' },
  stale: {
    takes: 'nothing',
    meaning: 'only the nodes whose TMM pods run an older mapping, Helm values or pod template',
  },
  'at-once': { takes: 'nothing', meaning: 'delete all these TMM pods at the same time: an outage' },
  routes: {
    takes: 'nothing',
    meaning: 'also the routes to and from each peer, and why one is not announced',
  },
  public: { takes: 'nothing', meaning: 'answer in the channel, where everybody sees it' },
} as const satisfies Record<string, Flag>;

interface Flag {
  readonly takes: 'nothing' | 'word' | 'words';
  readonly placeholder?: string;
  readonly meaning: string;
}

export type FlagName = keyof typeof FLAGS;

export function isFlagName(name: string): name is FlagName {
  return Object.hasOwn(FLAGS, name);
}

/** In the form of a usage line: `--lookup NAME`. */
export function flagUsage(name: FlagName): string {
  const flag: Flag = FLAGS[name];
  return flag.placeholder === undefined ? `--${name}` : `--${name} ${flag.placeholder}`;
}

/** The name in a typed flag: `--Dry_Run=true` is `dry-run`. */
export function flagName(flag: string): string {
  // A phone turns two blanks into a full stop, and people type `--reason: …`.
  const name = flag.replace(/=.*$/s, '').replace(/[.,;:!?…]+$/, '');
  return name.replace(/^-+/, '').toLowerCase().replace(/_/g, '-');
}

/** Whether a word with one dash is a flag: `-reason`, `-h`. */
export function isShortFlag(text: string): boolean {
  const name = flagName(text);
  return /^-[a-z]/i.test(text) && (isFlagName(name) || isHelp(name));
}

/** Refuses an unknown flag, with the one that was probably meant. A flag that causes an outage is offered for no other word. */
export function unknownFlag(typed: string, name: string): Refusal {
  const sentence = `There is no flag ${typed}.`;
  if (SCHEDULES.includes(name))
    return refuse(
      'unknown_flag',
      `${sentence.slice(0, -1)}: a change cannot be scheduled.`,
      'Submit it when it is to run: it starts as soon as it is approved.',
    );
  const known = Object.keys(FLAGS);
  const near = known.find((flag) => OTHER_FLAGS[flag]?.includes(name)) ?? suggest(name, known);
  return near === undefined
    ? refuse('unknown_flag', sentence, 'Type help VERB to see the flags of a command.')
    : {
        ...refuse('unknown_flag', sentence, `Did you mean --${near}?`),
        meant: { typed, name: `--${near}` },
      };
}

/** `--at` must not lead to `--at-once`. */
const SCHEDULES: readonly string[] = ['after', 'at', 'in', 'on', 'schedule', 'time', 'when'];

/** What people type for a flag, from `kubectl` and `git`. */
const OTHER_FLAGS: Readonly<Record<string, readonly string[]>> = {
  lookup: ['cm', 'configmap'],
  reason: ['because', 'comment', 'm', 'message', 'r', 'why'],
  target: ['cluster', 'context', 'n', 'namespace', 'ns'],
};

export function isHelp(name: string): boolean {
  return name === 'help' || name === 'h';
}
