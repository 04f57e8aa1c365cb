import type { TmmPod } from '../../domain/bgp/snapshot.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { seconds } from './evict.ts';
import { type Halt, halt, type Run } from './run.ts';

const LOOK_AGAIN_MS = 1_000;

/** As many new TMM pods as were taken are Ready, wherever they landed, and the old ones are gone. */
export async function checkReplacements(
  run: Run,
  taken: readonly string[],
  known: readonly string[],
): Promise<readonly TmmPod[] | Halt> {
  const startedAtMs = run.elapsedMs();
  for (;;) {
    const pods = await run.cluster.tmmPods();
    const waitedMs = run.elapsedMs() - startedAtMs;
    const late = waitedMs >= run.target.timeouts.replacementTimeoutMs;
    if (isRefusal(pods)) {
      if (late) return halt(pods.reasonCode, pods.sentence, { next: pods.next });
      await run.waitFor('unreadable', `The cluster cannot be read, ${seconds(waitedMs)}: ${pods.sentence}`);
    } else {
      const fresh = pods.filter(({ uid, terminating }) => !known.includes(uid) && !terminating);
      const old = pods.filter(({ uid }) => taken.includes(uid));
      const ready = fresh.filter((pod) => pod.ready);
      if (ready.length >= taken.length && ready.length === fresh.length && old.length === 0) {
        await run.waitFor(
          `ready ${ready.map(({ uid }) => uid).join()}`,
          `${ready.map(whereabouts).join(', ')}: Ready`,
        );
        return ready;
      }
      if (late) return missing(fresh, old, waitedMs);
      await run.waitFor(
        `successor ${fresh.map(({ uid, phase }) => uid + phase).join()} ${old.length}`,
        waiting(fresh, old, waitedMs),
      );
    }
    await run.cluster.nextMove(LOOK_AGAIN_MS);
  }
}

function whereabouts(pod: TmmPod): string {
  return `${pod.name} on ${pod.node ?? 'no node yet'}`;
}

function waiting(fresh: readonly TmmPod[], old: readonly TmmPod[], waitedMs: number): string {
  const unready = fresh.filter(({ ready }) => !ready);
  if (unready.length > 0) {
    return `Waiting for ${unready.map((pod) => `${whereabouts(pod)} (${pod.trouble ?? pod.phase})`).join(', ')}, ${seconds(waitedMs)}`;
  }
  const outcome = old.map(({ name }) => name).join(', ');
  return outcome === ''
    ? `Waiting for a new TMM pod, ${seconds(waitedMs)}`
    : `Waiting for ${outcome} to end, ${seconds(waitedMs)}`;
}

function missing(fresh: readonly TmmPod[], old: readonly TmmPod[], waitedMs: number): Halt {
  const unready = fresh.filter(({ ready }) => !ready);
  if (unready.length > 0) {
    const list = unready.map((pod) => `${whereabouts(pod)} is ${pod.trouble ?? pod.phase}`).join('; ');
    return halt(
      'replacement_not_ready',
      `The new TMM pod is not Ready after ${seconds(waitedMs)}: ${list}.`,
      {
        next: `Look at it: kubectl describe pod ${unready[0]?.name ?? ''} -n ${unready[0]?.namespace ?? ''}`,
      },
    );
  }
  if (old.length > 0) {
    const names = old.map(({ name }) => name).join(', ');
    return halt('eviction_slow', `${names} has been ending for ${seconds(waitedMs)} and is not gone.`, {
      next: 'Look at its node: a kubelet that does not answer keeps a pod from ending.',
    });
  }
  return halt('replacement_missing', `No new TMM pod appeared within ${seconds(waitedMs)}.`, {
    next: 'Look at the workload that owns the TMM pods: was it scaled down?',
  });
}
