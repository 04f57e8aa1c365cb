import type { Outcome } from '../../domain/change/change.ts';
import type { TerminalState } from '../../domain/change/events.ts';
import type { Complaint } from '../../domain/checks/check.ts';
import type { ReasonCode } from '../../domain/refusal.ts';
import { duration } from '../../domain/times.ts';

/** Why a change stops before it is done, and the state that it gets. */
export interface Halt {
  readonly kind: 'halt';
  readonly state: Exclude<TerminalState, 'succeeded'>;
  readonly reasonCode: ReasonCode;
  readonly sentence: string;
  readonly traffic?: string;
  readonly next?: string;
  readonly hint?: string;
  readonly node?: string;
}

export function halt(
  reasonCode: ReasonCode,
  sentence: string,
  more: Pick<Halt, 'traffic' | 'next' | 'hint' | 'node'> = {},
): Halt {
  return { kind: 'halt', state: 'halted', reasonCode, sentence, ...more };
}

/** The halt of a check that does not hold; after a wait, with its duration. */
export function haltOn(complaint: Complaint, waitedForMs?: number): Halt {
  const { reasonCode, traffic, next, hint, node } = complaint;
  return halt(reasonCode, describeWaited(complaint, waitedForMs), {
    ...(traffic === undefined ? {} : { traffic }),
    ...(next === undefined ? {} : { next }),
    ...(hint === undefined ? {} : { hint }),
    ...(node === undefined ? {} : { node }),
  });
}

/** `worker1 → 10.20.1.9 did not come up in 3 min (Connect: no answer on TCP 179).` */
function describeWaited({ sentence, overdue }: Complaint, forMs: number | undefined): string {
  if (forMs === undefined) return sentence;
  if (overdue === undefined) return `${sentence} after ${duration(forMs)}.`;
  return overdue.map(({ what, why }) => `${what} did not come up in ${duration(forMs)} (${why}).`).join(' ');
}

export function isHalt(value: object): value is Halt {
  return 'kind' in value && value.kind === 'halt';
}

export function outcomeOf(stopped: Halt, atMs: number): Outcome {
  const { kind: _, state: __, ...outcome } = stopped;
  return { ...outcome, atMs };
}
