import { usesBfd } from '../../domain/bgp/bfd.ts';
import {
  expectsIpv6,
  type Inspection,
  type Page,
  type PodPages,
  pagesOf,
} from '../../domain/bgp/inspection.ts';
import { answersShow, type Node, type TmmPod, type TmmState, whySilent } from '../../domain/bgp/snapshot.ts';
import type { Target } from '../../domain/bgp/target.ts';
import { asClause } from '../../domain/phrasing.ts';
import { readBfd } from '../../domain/zebos/read-bfd.ts';
import { readNeighbors } from '../../domain/zebos/read-neighbors.ts';
import { readRunningConfig } from '../../domain/zebos/read-running-config.ts';
import { readSummary } from '../../domain/zebos/read-summary.ts';
import type { Cluster, ImishCommand } from '../../ports/cluster.ts';

/** What to read of a pod: its sessions, or its configuration and each peer's output as well. */
export type Depth = 'sessions' | 'everything';

const PAGES: Readonly<Record<Depth, readonly Page[]>> = {
  sessions: ['summary'],
  everything: ['config', 'summary', 'neighbors'],
};

/** The inspection with the outputs of these pods, read in parallel. */
export async function inspect(
  cluster: Pick<Cluster, 'imish'>,
  inspection: Inspection,
  pods: readonly TmmPod[],
  depth: Depth,
): Promise<Inspection> {
  const requests = pods.map((pod) => {
    const pages = expectsIpv6(inspection, pod) ? [...PAGES[depth], 'ipv6Summary' as const] : PAGES[depth];
    return { pod, pages };
  });
  const read = await readPages(cluster, inspection, requests);
  return depth === 'everything' ? withBfd(cluster, read, pods) : read;
}

/** The inspection with the BFD sessions of those pods that have BFD configured, by the configuration in it. */
async function withBfd(
  cluster: Pick<Cluster, 'imish'>,
  inspection: Inspection,
  pods: readonly TmmPod[],
): Promise<Inspection> {
  const requests = pods
    .filter((pod) => usesBfd(inspection, pod))
    .map((pod) => ({ pod, pages: ['bfd' as const] }));
  return requests.length === 0 ? inspection : readPages(cluster, inspection, requests);
}

/** The summaries with all sessions that the mapping gives a pod. */
export function summariesOf(inspection: Inspection, pod: TmmPod): readonly Page[] {
  return expectsIpv6(inspection, pod) ? ['summary', 'ipv6Summary'] : ['summary'];
}

/**
 * An inspection without any outputs of pods.
 *
 * @param pods the ones that it is about: for a few, a snapshot need not list all of a large target
 */
export function openInspection(
  target: Target,
  state: TmmState,
  pods: readonly TmmPod[] = state.pods,
): Inspection {
  const { lookups, workloads } = state;
  return {
    target,
    lookups,
    pods,
    pages: new Map(),
    ...(workloads === undefined ? {} : { workloads }),
    ...(state.node === undefined ? {} : { node: (name) => state.node?.(name) }),
  };
}

/**
 * The inspection with these outputs of these pods. An output that it has already is not read again: everything judged by one
 * inspection is judged by the same answers. An output that cannot be read is unreadable, with the reason.
 */
export async function readPages(
  cluster: Pick<Cluster, 'imish'>,
  inspection: Inspection,
  requests: readonly { readonly pod: TmmPod; readonly pages: readonly Page[] }[],
): Promise<Inspection> {
  const pages = new Map(inspection.pages);
  await Promise.all(
    requests.map(async (request) => {
      const held = pagesOf(inspection, request.pod);
      const missing = request.pages.filter((page) => held[page] === undefined);
      const read = await Promise.all(missing.map((page) => readPage(cluster, request.pod, page, held)));
      pages.set(request.pod.uid, Object.assign({}, pages.get(request.pod.uid), held, ...read));
    }),
  );
  return { ...inspection, pages };
}

const COMMAND: { readonly [One in Page]: (held: PodPages) => ImishCommand } = {
  config: () => 'show running-config',
  summary: () => 'show bgp summary',
  ipv6Summary: () => 'show bgp ipv6 summary',
  neighbors: () => 'show bgp neighbors',
  bfd: ({ config }) =>
    config?.readable === true && config.isFrr === true ? 'show bfd peers' : 'show bfd session',
};

const READ: { readonly [One in Page]: (text: string) => NonNullable<PodPages[One]> } = {
  config: readRunningConfig,
  summary: readSummary,
  ipv6Summary: readSummary,
  neighbors: readNeighbors,
  bfd: readBfd,
};

async function readPage(
  cluster: Pick<Cluster, 'imish'>,
  pod: TmmPod,
  page: Page,
  held: PodPages,
): Promise<PodPages> {
  const outcome = answersShow(pod)
    ? await cluster.imish(pod, COMMAND[page](held))
    : { ok: false as const, why: `${pod.name} ${whySilent(pod)}` };
  return { [page]: outcome.ok ? READ[page](outcome.text) : { readable: false, why: asClause(outcome.why) } };
}

/** Readiness and cordon of a node, in words. */
export function nodeState(node: Node | undefined): string {
  if (node === undefined) return 'not in the cluster';
  return [node.ready ? 'Ready' : 'NotReady', ...(node.cordoned ? ['cordoned'] : [])].join(', ');
}
