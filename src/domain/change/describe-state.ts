import type { Tone } from '../answer.ts';
import { type Change, type ChangeState, NO_REASON_GIVEN } from './change.ts';

/** The words for a state, the same on cards, in answers and in records. */
export interface StateWords {
  readonly icon: string;
  readonly words: string;
  /** What it means for the cluster and for people, in one line. */
  readonly meaning: string;
  readonly tone: Tone;
  /** Progress of the steps of a change in this state. */
  readonly steps: StepsPhase;
}

export type StepsPhase = 'to come' | 'under way' | 'stopped' | 'over' | 'never begun';

export const STATE_WORDS: Readonly<Record<ChangeState, StateWords>> = {
  proposed: {
    icon: '🕓',
    words: 'proposed',
    meaning: 'waits for approval; nothing is changed yet',
    tone: 'unknown',
    steps: 'to come',
  },
  approved: {
    icon: '👍',
    words: 'approved',
    meaning: 'has its approvals and starts as soon as its target is free',
    tone: 'unknown',
    steps: 'to come',
  },
  running: {
    icon: '⏳',
    words: 'running',
    meaning: 'its steps are carried out one after the other',
    tone: 'unknown',
    steps: 'under way',
  },
  succeeded: {
    icon: '✅',
    words: 'succeeded',
    meaning: 'every step is done, and its checks passed',
    tone: 'good',
    steps: 'over',
  },
  failed: {
    icon: '❌',
    words: 'failed',
    meaning: 'could not start; nothing was changed',
    tone: 'bad',
    steps: 'never begun',
  },
  halted: {
    icon: '🛑',
    words: 'halted',
    meaning: 'stopped before its end; it waits for somebody to resume, roll back or close it',
    tone: 'bad',
    steps: 'stopped',
  },
  outcome_unknown: {
    icon: '❓',
    words: 'outcome unknown',
    meaning: 'it is unknown whether its last step was done; somebody has to check and decide',
    tone: 'unknown',
    steps: 'stopped',
  },
  rejected: {
    icon: '⛔',
    words: 'rejected',
    meaning: 'an approver rejected it; nothing was changed',
    tone: 'bad',
    steps: 'never begun',
  },
  withdrawn: {
    icon: '↩️',
    words: 'withdrawn',
    meaning: 'somebody withdrew it before it started; nothing was changed',
    tone: 'bad',
    steps: 'never begun',
  },
  expired: {
    icon: '⌛',
    words: 'expired',
    meaning: 'its time ran out before it started; nothing was changed',
    tone: 'bad',
    steps: 'never begun',
  },
  stale: {
    icon: '♻️',
    words: 'stale',
    meaning: 'the cluster changed before it started; nothing was changed',
    tone: 'bad',
    steps: 'never begun',
  },
  rolled_back: {
    icon: '↩️',
    words: 'rolled back',
    meaning: 'a later change undid it',
    tone: 'bad',
    steps: 'over',
  },
  closed: {
    icon: '🏳️',
    words: 'closed',
    meaning: 'somebody closed it after it had stopped; the steps that were done stay done',
    tone: 'bad',
    steps: 'over',
  },
};

/**
 * Progress of the steps. Today no change fails after its first step; if one does, the words must not say that nothing was done.
 */
export function stepsPhase({ state, journal }: Pick<Change, 'state' | 'journal'>): StepsPhase {
  const { steps } = STATE_WORDS[state];
  return steps === 'never begun' && journal.length > 0 ? 'over' : steps;
}

/** Why it ended and the state of traffic then; undefined while it has not ended. */
export function describeOutcome(change: Pick<Change, 'state' | 'outcome'>): string | undefined {
  const cause = describeCause(change);
  const { traffic } = change.outcome ?? {};
  return cause === undefined || traffic === undefined ? cause : `${cause} ${traffic}`;
}

/** Why it ended, in one sentence; undefined while it has not. For a rejection, the text that its approver typed. */
export function describeCause({ state, outcome }: Pick<Change, 'state' | 'outcome'>): string | undefined {
  if (outcome === undefined) return undefined;
  if (state !== 'rejected') return outcome.sentence;
  return outcome.sentence === NO_REASON_GIVEN
    ? 'Rejected without a reason.'
    : `Rejected: ${outcome.sentence}`;
}

/** Whether somebody ran it without approval and nobody else has reviewed that yet. */
export function awaitsReview({ breakGlassUse }: Pick<Change, 'breakGlassUse'>): boolean {
  return breakGlassUse !== undefined && breakGlassUse.review === undefined;
}
