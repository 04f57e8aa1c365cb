import { answersShow } from '../../domain/bgp/snapshot.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { inspectPod } from '../../inspection/inspect-pod.ts';
import { type Halt, halt, type Run } from './run.ts';

/** The last TMM with an Established session is not taken. A pod that carries nothing itself may always go. */
export async function checkAnotherCarriesTraffic(run: Run, uid: string): Promise<Halt | undefined> {
  const snapshot = await run.cluster.snapshot();
  if (isRefusal(snapshot)) return halt(snapshot.reasonCode, snapshot.sentence, { next: snapshot.next });
  const inspections = await Promise.all(
    snapshot.pods
      .filter(answersShow)
      .map((pod) => inspectPod(run.cluster, run.target, snapshot.lookups, pod)),
  );
  const own = inspections.find(({ pod }) => pod.uid === uid);
  const others = inspections.filter(({ pod }) => pod.uid !== uid);
  const carrying = others.filter(({ carriesTraffic }) => carriesTraffic === 'yes').map(({ pod }) => pod.name);
  if (carrying.length > 0 || own === undefined || own.carriesTraffic === 'no') return undefined;
  const unknown = others.filter(({ carriesTraffic }) => carriesTraffic === 'unknown').length;
  return halt(
    'last_carrying_tmm',
    others.length === 0
      ? `${own.pod.name} is the only TMM pod there is; without it nothing carries traffic.`
      : `No other TMM pod than ${own.pod.name} has an Established session${unknown > 0 ? ` (${unknown} could not be asked)` : ''}; without it nothing carries traffic.`,
    { next: 'Bring another TMM up first, or ask again with --allow-outage.' },
  );
}
