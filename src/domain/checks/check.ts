import type { Inspection, Page } from '../bgp/inspection.ts';
import { pagesOf } from '../bgp/inspection.ts';
import type { TmmPod } from '../bgp/snapshot.ts';
import type { ReasonCode } from '../refusal.ts';

/** The result of a check of one inspection: it passes, may pass later, or will not pass without a person. */
export type CheckResult = { readonly kind: 'pass' } | Wait | Fail;

/** Worth checking again. When its timeout passes, the change halts with this complaint. */
export interface Wait extends Complaint {
  readonly kind: 'wait';
  /** What is waited for, as a key: progress that differs only in words is not reported again at once. */
  readonly about: string;
  /** When to check again, where that is known; otherwise soon. */
  readonly againInMs?: number;
  /** What to read before this is reported as a halt, so that its hint has all facts. */
  readonly tellWith?: Unread;
}

export interface Fail extends Complaint {
  readonly kind: 'fail';
}

export interface Complaint {
  readonly reasonCode: ReasonCode;
  /** What is seen, and where. A wait's sentence has no full stop: the duration follows. */
  readonly sentence: string;
  /** How a timeout is reported: what did not come up, and its present state. */
  readonly overdue?: readonly { readonly what: string; readonly why: string }[];
  /** What it means for traffic; a sentence. */
  readonly traffic?: string;
  readonly next?: string;
  readonly hint?: string;
  /** The node concerned, where a person may decide about that node. */
  readonly node?: string;
}

/** A TMM pod that a step evicts, and where it ran. */
export interface EvictedPod {
  readonly uid: string;
  readonly node: string;
}

/** A check needs these outputs of this pod: it is called again once the inspection has them. */
export interface Unread {
  readonly kind: 'unread';
  readonly pod: TmmPod;
  readonly pages: readonly Page[];
  /** Outputs to read in parallel. */
  readonly also?: readonly Unread[];
}

/** The result of a check, or what the inspection still lacks for it. */
export type Judgement = CheckResult | Unread;

export const PASS = { kind: 'pass' } as const;

export function wait(about: string, complaint: Complaint & Pick<Wait, 'tellWith' | 'againInMs'>): Wait {
  return { ...complaint, kind: 'wait', about };
}

export function fail(complaint: Complaint): Fail {
  return { ...complaint, kind: 'fail' };
}

/** Those of these outputs of a pod that the inspection lacks; undefined when it has all. */
export function unread(inspection: Inspection, pod: TmmPod, pages: readonly Page[]): Unread | undefined {
  const held = pagesOf(inspection, pod);
  const missing = pages.filter((page) => held[page] === undefined);
  return missing.length === 0 ? undefined : { kind: 'unread', pod, pages: missing };
}

/** `f5-tmm-7d9 on worker1`. */
export function whereabouts({ name, node }: TmmPod): string {
  return `${name} on ${node ?? 'no node yet'}`;
}
