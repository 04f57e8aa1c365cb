/** One line of a check-up. */
export interface CheckupFinding {
  readonly tone: 'good' | 'warning' | 'bad';
  readonly text: string;
  /** What to do about it. */
  readonly cure?: string;
}
