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

export function isHelp(name: string): boolean {
  return name === 'help' || name === 'h';
}
