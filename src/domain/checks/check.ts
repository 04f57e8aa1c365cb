import type { Inspection, Page } from '../bgp/inspection.ts';
import { pagesOf } from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { ReasonCode } from '../refusal.ts';

/** What a check makes of one inspection: it holds, it may hold later, or it will not hold without somebody's help. */
export type CheckResult = { readonly kind: 'pass' } | Wait | Fail;

/** Worth looking again. When its bound passes, the change halts with this. */
export interface Wait extends Complaint {
  readonly kind: 'wait';
  /** What is waited for, as a key: progress that differs in words alone is not said again at once. */
  readonly about: string;
  /** When it makes sense to look again, where that is known; else soon. */
  readonly againInMs?: number;
  /** What to read before this is told as a halt, so that its hint knows all that can be known. */
  readonly tellWith?: Unread;
}

export interface Fail extends Complaint {
  readonly kind: 'fail';
}

export interface Complaint {
  readonly reasonCode: ReasonCode;
  /** What is seen, and where. A wait's has no full stop: for how long it was seen follows. */
  readonly sentence: string;
  /** How it is told once it was waited for in vain: what did not come up, and how it is instead. */
  readonly overdue?: readonly { readonly what: string; readonly why: string }[];
  /** What it means for traffic; a sentence. */
  readonly traffic?: string;
  readonly next?: string;
  readonly hint?: string;
  /** The node that it is about, where a person may decide about that node. */
  readonly node?: string;
}

/** A TMM pod that a step takes, and where it ran. */
export interface EvictedPod {
  readonly uid: string;
  readonly node: string;
}

/** Before it can judge, a check needs these pages of this pod: it is asked again once the inspection has them. */
export interface Unread {
  readonly kind: 'unread';
  readonly pod: TmmPod;
  readonly pages: readonly Page[];
  /** What is read side by side with it. */
  readonly also?: readonly Unread[];
}

/** The answer of a check to an inspection that may not be deep enough for it yet. */
export type Judgement = CheckResult | Unread;

export const PASS = { kind: 'pass' } as const;

export function wait(about: string, complaint: Complaint & Pick<Wait, 'tellWith' | 'againInMs'>): Wait {
  return { ...complaint, kind: 'wait', about };
}

export function fail(complaint: Complaint): Fail {
  return { ...complaint, kind: 'fail' };
}

/** Which of these pages of a pod the inspection lacks; undefined when it has them all. */
export function unread(inspection: Inspection, pod: TmmPod, pages: readonly Page[]): Unread | undefined {
  const held = pagesOf(inspection, pod);
  const missing = pages.filter((page) => held[page] === undefined);
  return missing.length === 0 ? undefined : { kind: 'unread', pod, pages: missing };
}

/** `f5-tmm-7d9 on worker1`. */
export function whereabouts({ name, node }: TmmPod): string {
  return `${name} on ${node ?? 'no node yet'}`;
}
