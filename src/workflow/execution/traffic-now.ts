import { openInspection, readPages, summariesOf } from '../../commands/inspection/inspect.ts';
import { answersShow, whySilent } from '../../domain/bgp/snapshot.ts';
import { touchesPods } from '../../domain/change/change.ts';
import { describeTraffic } from '../../domain/change/describe-impact.ts';
import { podImpactOf, unreadPod } from '../../domain/change/impact.ts';
import { nodesOf } from '../../domain/change/plan.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { clipWellFormed } from '../../domain/well-formed.ts';
import type { Run } from './run.ts';

/** Maximum delay of a halt's report: what has not answered by then is unknown. */
const HALT_TIMEOUT_MS = 2_000;
/** A stop is recorded within 2 s of the click; noticing it takes a part of them. */
const STOP_TIMEOUT_MS = 700;
const MAX_PODS = 12;

/** The parts of a run that are needed to read its traffic. */
type Traffic = Pick<Run, 'change' | 'cluster' | 'target' | 'clock'>;

/** Which pods carry traffic at this moment, the pods of the change first; undefined where that cannot be read in time. */
export async function trafficNow(run: Traffic, about: 'halt' | 'stop'): Promise<string | undefined> {
  const change = run.change();
  if (!touchesPods(change)) return undefined;
  const timer = new AbortController();
  const tooLate = run.clock
    .sleep(about === 'stop' ? STOP_TIMEOUT_MS : HALT_TIMEOUT_MS, timer.signal)
    .then(() => undefined);
  try {
    return await Promise.race([read(run).catch(unknown), tooLate]);
  } finally {
    timer.abort();
  }
}

/** A halt is reported whatever fails here; the card shows the error. */
function unknown(error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `unknown (internal error: ${clipWellFormed(why, 100)})`;
}

async function read({ change, cluster, target }: Traffic): Promise<string | undefined> {
  const { plan } = change();
  const state = await cluster.tmmState();
  if (isRefusal(state)) return undefined;
  const nodes = nodesOf(plan);
  const there = state.pods.filter((pod) => !pod.terminating);
  const own = there.filter(({ node = '' }) => nodes.includes(node));
  const asked = [...own, ...there.filter((pod) => !own.includes(pod))].slice(0, MAX_PODS);
  const opened = openInspection(target, state);
  const inspection = await readPages(
    cluster,
    opened,
    asked.filter(answersShow).map((pod) => ({ pod, pages: ['config', ...summariesOf(opened, pod)] })),
  );
  const pods = asked.map((pod) =>
    answersShow(pod) ? podImpactOf(inspection, pod, plan) : unreadPod(pod, `it ${whySilent(pod)}`),
  );
  return describeTraffic(pods, there.length - asked.length);
}
