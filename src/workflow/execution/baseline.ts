import { answersShow } from '../../domain/bgp/snapshot.ts';
import type { Announced, JournalEntry } from '../../domain/change/change.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { inspectPod } from '../../inspection/inspect-pod.ts';
import { type Halt, halt, type Run } from './run.ts';

/** What there is before an eviction: all TMM pods, and what the ones concerned announce. */
export async function baselineOf(
  run: Run,
  uids: readonly string[],
): Promise<NonNullable<JournalEntry['before']> | Halt> {
  const snapshot = await run.cluster.snapshot();
  if (isRefusal(snapshot)) return halt(snapshot.reasonCode, snapshot.sentence, { next: snapshot.next });
  const concerned = snapshot.pods.filter((pod) => uids.includes(pod.uid) && answersShow(pod));
  const inspections = await Promise.all(
    concerned.map((pod) => inspectPod(run.cluster, run.target, snapshot.lookups, pod)),
  );
  return {
    announced: most(inspections.map(({ announced }) => announced)),
    pods: snapshot.pods.map(({ uid }) => uid),
  };
}

/** The most of each family over several pods; `null` when one of them could not be read, or there is none. */
export function most(counts: readonly (Announced | undefined)[]): Announced | null {
  const known = counts.filter((count) => count !== undefined);
  if (known.length === 0 || known.length < counts.length) return null;
  return {
    IPv4: Math.max(...known.map(({ IPv4 }) => IPv4)),
    IPv6: Math.max(...known.map(({ IPv6 }) => IPv6)),
  };
}
