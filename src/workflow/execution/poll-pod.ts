import { setTimeout as sleep } from 'node:timers/promises';
import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { inspectPod, type PodInspection } from '../../inspection/inspect-pod.ts';
import { type Halt, halt, type Run } from './run.ts';

const LOOK_AGAIN_MS = 500;

/** What a gate makes of one look at a pod: it holds, it can never hold, or it is worth waiting (`about` what, in words). */
export type CheckResult =
  | { readonly kind: 'holds' }
  | { readonly kind: 'waiting'; readonly about: string; readonly words: string; readonly halt_: Halt }
  | Halt;

/** Looks at a pod again and again until the gate holds, can never hold, or `boundMs` is over: then it halts as the last look says. */
export async function pollPod(
  run: Run,
  pod: TmmPod,
  boundMs: number,
  judge: (inspection: PodInspection) => CheckResult,
): Promise<Halt | undefined> {
  const startedAtMs = run.elapsedMs();
  for (;;) {
    const snapshot = await run.cluster.snapshot();
    const waitedMs = run.elapsedMs() - startedAtMs;
    const glance = isRefusal(snapshot)
      ? unreadable(snapshot.sentence)
      : judge(await inspectPod(run.cluster, run.target, snapshot.lookups, pod));
    if (glance.kind === 'holds') return undefined;
    if (glance.kind === 'halt') return glance;
    if (waitedMs >= boundMs) return glance.halt_;
    await run.waitFor(
      glance.about,
      `${pod.node ?? pod.name}: ${glance.words}, ${Math.round(waitedMs / 1000)} s`,
    );
    await sleep(LOOK_AGAIN_MS);
  }
}

function unreadable(why: string): CheckResult {
  const sentence = `The cluster could not be read: ${why}`;
  return {
    kind: 'waiting',
    about: 'unreadable',
    words: sentence,
    halt_: halt('cluster_unreachable', sentence),
  };
}
