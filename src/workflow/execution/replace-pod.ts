import type { Step } from '../../domain/change/change.ts';
import { baselineOf } from './baseline.ts';
import { checkAfterEviction } from './check-after-eviction.ts';
import { checkAnotherCarriesTraffic } from './check-another-carries.ts';
import { evict } from './evict.ts';
import { type Halt, journalled, type Run } from './run.ts';

/** Replaces one TMM pod: another one carries, evict, and its successor peers as its own node should. */
export async function replacePod(
  run: Run,
  node: string,
  pod: { readonly name: string; readonly uid: string },
  allowOutage: boolean,
): Promise<Halt | undefined> {
  const evictStep: Step = { kind: 'evict', node, pod: pod.name, uid: pod.uid };
  const checkStep: Step = { ...evictStep, kind: 'check' };
  if (journalled(run.change(), checkStep, 'found') !== undefined) return undefined;
  let before = journalled(run.change(), evictStep, 'intended')?.before;
  if (journalled(run.change(), evictStep, 'found') === undefined) {
    if (before === undefined) {
      const stopped = allowOutage ? undefined : await checkAnotherCarriesTraffic(run, pod.uid);
      if (stopped !== undefined) return stopped;
      const baseline = await baselineOf(run, [pod.uid]);
      if ('kind' in baseline) return baseline;
      before = baseline;
      const intend = { kind: 'intend' as const, step: evictStep, atMs: run.now(), before };
      await run.commit({ ...intend, details: { before } });
    }
    const stopped = await evict(run, evictStep);
    if (stopped !== undefined) return stopped;
    const found = 'evicted';
    await run.commit({ kind: 'complete', step: evictStep, atMs: run.now(), found });
  }
  const checked = await checkAfterEviction(run, [pod.uid], before ?? { announced: null, pods: [pod.uid] });
  if ('kind' in checked) return checked;
  const found = checked.found;
  await run.commit({ kind: 'complete', step: checkStep, atMs: run.now(), found });
  return undefined;
}
