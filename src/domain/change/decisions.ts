import type { Person } from '../person.ts';
import { type Refusal, refuse } from '../refusal.ts';
import { activeBreakGlass } from './approvals.ts';
import { CHANGE_STATES, type Change, type ChangeState, isHalted } from './change.ts';
import type { ChangeEvent } from './events.ts';

export const DECISION_VERBS = [
  'approve',
  'reject',
  'cancel',
  'resume',
  'go-on',
  'close',
  'break-glass',
  'review',
] as const;

export type DecisionVerb = (typeof DECISION_VERBS)[number];

/** A person's decision, with their groups at that moment. */
export interface MadeDecision {
  readonly by: Person;
  /** The digest that the person saw. */
  readonly digest: string;
  /** Time of the halt that they saw; absent for a typed decision, which applies to the change as it is. */
  readonly haltedAtMs?: number;
  readonly reason?: string;
  /** The policy's groups that they are in, as far as the change needs approvals of them. */
  readonly groups: readonly string[];
  readonly atMs: number;
}

/** The definition of one decision: a new decision is a new row. Commands, buttons, dialogs and help follow from it. */
export interface DecisionRow {
  readonly summary: string;
  readonly examples: readonly string[];
  /** Whether a reason follows the id of the change in a command, and whether a dialog asks for it. */
  readonly reason: 'none' | 'optional' | 'required';
  /**
   * Who may decide: anybody who could approve; also the requester, always or unless somebody else stopped it; or anybody with the
   * right to break-glass by the rule.
   */
  readonly right:
    | 'approver'
    | 'requester or approver'
    | 'requester unless stopped, or approver'
    | 'break-glass';
  /** The states in which it has a button, with the button's label; a click is authorized again. */
  readonly buttons: Readonly<Partial<Record<ChangeState, string>>>;
  readonly style?: 'primary' | 'danger';
  /** What is confirmed before: the plan, a dialog for the reason, or nothing. */
  readonly confirm: 'plan' | ReasonDialog | 'nothing';
  /**
   * Whether a freeze forbids it, whether the plan must still match the cluster, and whether requester and approvers must still
   * have the right to what it starts.
   */
  readonly needs: (change: Change) => {
    readonly noFreeze: boolean;
    readonly samePlan: boolean;
    readonly sameRights?: true;
  };
  readonly event: (change: Change, made: MadeDecision) => ChangeEvent | Refusal;
}

/** A dialog that shows what is decided and asks for the reason. */
export interface ReasonDialog {
  readonly title: string;
  readonly submit: string;
  readonly question: string;
  readonly shows: 'difference' | 'whole plan';
  readonly consequence: string;
}

const ALWAYS = { noFreeze: true, samePlan: true } as const;
const NEITHER = { noFreeze: false, samePlan: false } as const;

export const DECISIONS: Readonly<Record<DecisionVerb, DecisionRow>> = {
  approve: {
    summary: 'Approve a change, as the button on its card does',
    examples: ['approve BGP-142'],
    reason: 'none',
    right: 'approver',
    buttons: { proposed: 'Approve…', halted: 'Approve…', outcome_unknown: 'Approve…' },
    style: 'primary',
    confirm: 'plan',
    // The plan of a change that has started was compared when it started.
    needs: (change) => (isHalted(change) ? { noFreeze: true, samePlan: false } : ALWAYS),
    event: (_, { by, digest, groups, atMs }) => ({
      kind: 'approve',
      decision: { kind: 'approval', by, digest, groups, atMs },
    }),
  },
  reject: {
    summary: 'Reject a change, with the reason if you give one',
    examples: ['reject BGP-142 not before Monday'],
    reason: 'optional',
    right: 'approver',
    buttons: { proposed: 'Reject…' },
    style: 'danger',
    confirm: {
      title: 'Reject',
      submit: 'Reject',
      question: 'Reason (the card shows it)',
      shows: 'difference',
      consequence: 'The change ends as rejected; nothing is changed in the cluster.',
    },
    needs: () => NEITHER,
    event: (_, { by, digest, groups, atMs, reason }) => ({
      kind: 'reject',
      decision: {
        kind: 'rejection',
        by,
        digest,
        groups,
        atMs,
        ...(reason === undefined ? {} : { reason }),
      },
    }),
  },
  cancel: {
    summary: 'Withdraw a change, or stop a running one before its next step',
    examples: ['cancel BGP-142'],
    reason: 'none',
    right: 'requester or approver',
    buttons: { proposed: 'Withdraw', approved: 'Cancel', running: 'Stop now' },
    confirm: 'nothing',
    needs: () => NEITHER,
    event: (change, { by, atMs }) => {
      if (change.state === 'running') return { kind: 'request stop', by };
      return isHalted(change) ? haltedBefore(change) : { kind: 'withdraw', by, atMs };
    },
  },
  resume: {
    summary: 'Have a halted change repeat its failed check and continue',
    examples: ['resume BGP-142'],
    reason: 'none',
    right: 'requester unless stopped, or approver',
    buttons: { halted: 'Check again', outcome_unknown: 'Check again' },
    style: 'primary',
    confirm: 'nothing',
    needs: goingOn,
    event: (_, { atMs }) => ({ kind: 'resume', atMs }),
  },
  'go-on': {
    summary: 'Continue a change without the TMM of a node that has none any more, or accepts no new one',
    examples: ['go-on BGP-142'],
    reason: 'none',
    right: 'approver',
    buttons: { halted: 'Go on without' },
    confirm: 'nothing',
    needs: goingOn,
    event(change, { atMs, haltedAtMs }) {
      const without = missingNode(change);
      if (haltedAtMs !== undefined && haltedAtMs !== change.outcome?.atMs) return haltedAgain(change);
      return without === undefined ? nothingMissing(change) : { kind: 'resume', atMs, without };
    },
  },
  close: {
    summary:
      'End a change where it is, halted or left by its worker: completed steps stay, the others are not carried out',
    examples: ['close BGP-142'],
    reason: 'none',
    right: 'requester or approver',
    buttons: { halted: 'Close', outcome_unknown: 'Close' },
    confirm: 'nothing',
    needs: () => NEITHER,
    event: (_, { by, atMs }) => ({ kind: 'close', by, atMs }),
  },
  'break-glass': {
    summary:
      'Run a change without approval and in a freeze; every channel is notified, somebody else reviews it',
    examples: ['break-glass BGP-142 router r1 is dead and nobody answers the phone'],
    reason: 'required',
    right: 'break-glass',
    buttons: { proposed: 'Break glass…', approved: 'Break glass…', halted: 'Break glass…' },
    confirm: {
      title: 'Break-glass',
      submit: 'Use break-glass',
      question: 'Why now, and without approval?',
      shows: 'whole plan',
      consequence:
        'It runs at once, without approval and despite any freeze. Every channel gets an alert, and the card stays marked until somebody else has reviewed it.',
    },
    // A change that has started continues where it halted; its plan was compared when it started.
    needs: ({ journal }) => ({ noFreeze: false, samePlan: journal.length === 0 }),
    event: (_, { by, digest, reason = '', atMs }) => ({ kind: 'break-glass', by, reason, digest, atMs }),
  },
  review: {
    summary: 'Say that you reviewed a change for which somebody else used break-glass',
    examples: ['review BGP-142 it was right to do it'],
    reason: 'optional',
    right: 'approver',
    buttons: Object.fromEntries(CHANGE_STATES.map((state) => [state, 'I reviewed it'])),
    confirm: 'nothing',
    needs: () => NEITHER,
    event: (_, { by, atMs, reason }) => ({
      kind: 'review',
      by,
      atMs,
      ...(reason === undefined ? {} : { note: reason }),
    }),
  },
};

/** The dialog that asks for the reason of a decision, where there is one. */
export function reasonDialogOf(verb: DecisionVerb): ReasonDialog | undefined {
  const { confirm } = DECISIONS[verb];
  return typeof confirm === 'object' ? confirm : undefined;
}

export function isDecisionVerb(text: string): text is DecisionVerb {
  return Object.hasOwn(DECISIONS, text);
}

/** The node for which a change halted, where an approver may let it continue without its TMM. */
export function missingNode({ state, outcome }: Change): string | undefined {
  const { reasonCode, node } = outcome ?? {};
  const lacksTmm = reasonCode === 'node_without_tmm' || reasonCode === 'node_unschedulable';
  return state === 'halted' && lacksTmm ? node : undefined;
}

/** A stop means that the change should wait; ending it is another decision. */
function haltedBefore({ id }: Change): Refusal {
  const next = `Type resume ${id} to continue it, or close ${id} to end it where it is.`;
  return refuse('not_open', `${id} halted before it was stopped.`, next);
}

function nothingMissing({ id }: Change): Refusal {
  const next = `Type status ${id} to see why.`;
  return refuse(
    'not_open',
    `${id} did not halt because a node has no TMM any more, or accepts no new one.`,
    next,
  );
}

function haltedAgain({ id }: Change): Refusal {
  const next = `Look at its card as it is now: status ${id}`;
  return refuse('not_open', `${id} continued since that card, and may have halted for another node.`, next);
}

/** The needs of a decision that continues a halted change; break-glass does so in a freeze as well. */
function goingOn(change: Change) {
  return { noFreeze: activeBreakGlass(change) === undefined, samePlan: false, sameRights: true } as const;
}
