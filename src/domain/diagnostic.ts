/** One line of what `doctor` found. */
export interface Diagnostic {
  readonly tone: 'good' | 'warning' | 'bad';
  readonly text: string;
  /** What to do about it. */
  readonly remedy?: string;
}
