import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../../domain/change/change.ts';
import { checkForStopOrFreeze } from './check-for-stop-or-freeze.ts';
import { type Halt, halt, type Run } from './run.ts';

const ASK_AGAIN_MS = 1_000;

/** Evicts one pod, asking again while a PodDisruptionBudget blocks it, for as long as the target's policy says. */
export async function evict(run: Run, step: Extract<Step, { uid: string }>): Promise<Halt | undefined> {
  const pod = { namespace: run.target.tmm.namespace, name: step.pod, uid: step.uid };
  const startedAtMs = run.elapsedMs();
  for (;;) {
    const stopped = await checkForStopOrFreeze(run);
    if (stopped !== undefined) return stopped;
    const outcome = await run.cluster.evict(pod);
    switch (outcome.kind) {
      case 'accepted':
      case 'gone':
        return undefined;
      case 'refused':
        return halt(outcome.refusal.reasonCode, `Evicting ${step.pod}: ${outcome.refusal.sentence}`, {
          next: outcome.refusal.next,
        });
      case 'unknown':
        return {
          ...halt('outcome_unknown', `Whether ${step.pod} was evicted cannot be told: ${outcome.why}.`, {
            next: `Look at it: kubectl get pods -n ${pod.namespace} -l ${run.target.tmm.selector} -o wide`,
          }),
          state: 'outcome_unknown',
        };
      case 'blocked': {
        const waitedMs = run.elapsedMs() - startedAtMs;
        if (waitedMs >= run.target.timeouts.evictionTimeoutMs) {
          return halt(
            'eviction_blocked',
            `${step.pod} was not evicted for ${seconds(waitedMs)}: ${outcome.why}`,
            {
              next: 'Look at the PodDisruptionBudget, and at the TMM pods that are not Ready.',
            },
          );
        }
        await run.waitFor(
          `evict ${step.uid}`,
          `${step.node}: ${step.pod} may not be evicted yet, ${seconds(waitedMs)}: ${outcome.why}`,
        );
        await sleep(ASK_AGAIN_MS);
      }
    }
  }
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
