/** What is wrong with the configuration, where, and its remedy. Never contains a secret. */
export interface Fault {
  /** Path of the value, such as `targets[0].bgp.neighbors[1].asn` or `SLACK_BOT_TOKEN`. */
  readonly path: string;
  readonly problem: string;
  readonly remedy: string;
}

/** The path of a value, as a fault has it; empty for the whole. */
export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === 'number') return `${text}[${part}]`;
    return text === '' ? String(part) : `${text}.${String(part)}`;
  }, '');
}

/** One line of what `doctor` found. */
export interface Diagnostic {
  readonly tone: 'good' | 'warning' | 'bad';
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}
