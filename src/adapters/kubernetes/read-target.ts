import { z } from 'zod';
import type { Lookup, Node, Snapshot, TmmPod, TmmState } from '../../domain/bgp/snapshot.ts';
import { lookupsOf } from '../../domain/bgp/target.ts';
import {
  changeIndex,
  podKey,
  replacing,
  snapshotOf,
  snapshotOver,
  type TargetIndex,
} from '../../domain/bgp/target-index.ts';
import { isRefusal, type Refusal, refuse } from '../../domain/refusal.ts';
import { type Attempt, apiErrorOf, isNotFound } from './api-error.ts';
import type { ListPage } from './list-watch.ts';
import { type ConfigMap, configMapSchema, lookupFrom } from './lookup-from.ts';
import { nodeFrom, nodeSchema } from './node-from.ts';
import { type Pod, podFrom, podSchema } from './pod-from.ts';
import { readWorkloads } from './read-workloads.ts';
import { attempt, firstRefusal, getJson, type TargetApi } from './target-api.ts';

const PAGE = 100;

/** Live read of the cluster's uid, lookups, nodes, pods and their controllers, in parallel. */
export async function readTarget(api: TargetApi): Promise<Snapshot | Refusal> {
  const [clusterUid, state, nodes] = await Promise.all([
    readClusterUid(api),
    readTmmState(api),
    readNodes(api),
  ]);
  if (typeof clusterUid !== 'string') return clusterUid;
  if (isRefusal(state)) return state;
  if (isRefusal(nodes)) return nodes;
  return snapshotOf({ target: api.target.name, clusterUid, nodes, ...state });
}

/** Live read of lookups, pods and their controllers, and of the nodes with these names. */
export async function readTmmState(
  api: TargetApi,
  nodeNames: readonly string[] = [],
): Promise<TmmState | Refusal> {
  const [managed, lookups, ...nodes] = await Promise.all([
    readManagedPods(api),
    readLookups(api),
    ...nodeNames.map((name) => readNodesNamed(api, name)),
  ]);
  const refusal = firstRefusal(...nodes);
  if (refusal !== undefined) return refusal;
  if (isRefusal(managed)) return managed;
  if (isRefusal(lookups)) return lookups;
  if (nodeNames.length === 0) return { lookups, ...managed };
  const read = nodes.flatMap((found) => (isRefusal(found) ? [] : found));
  return { lookups, ...managed, node: (name) => read.find((node) => node.name === name) };
}

/** One node, or none: a list, because the bot has no right to get a single node. */
function readNodesNamed(api: TargetApi, name: string): Promise<readonly Node[] | Refusal> {
  return readNodes(api, { fieldSelector: `metadata.name=${name}` });
}

async function readManagedPods(api: TargetApi): Promise<Pick<TmmState, 'pods' | 'workloads'> | Refusal> {
  const pods = await readPods(api);
  if (isRefusal(pods)) return pods;
  const tmms = tmmPods(api, pods);
  const workloads = await readWorkloads(api, pods, () => tmms);
  if (isRefusal(workloads)) return workloads;
  return { pods: tmms, workloads };
}

/**
 * `held` as a snapshot with a live read of this node, its pods and their controllers; everything is read live if the cluster is
 * another one.
 */
export async function readNode(
  api: TargetApi,
  name: string,
  { clusterUid, index }: HeldTarget,
): Promise<Snapshot | Refusal> {
  const [uidNow, pods, nodes] = await Promise.all([
    readClusterUid(api),
    readPods(api, { fieldSelector: `spec.nodeName=${name}` }),
    readNodesNamed(api, name),
  ]);
  if (typeof uidNow !== 'string') return uidNow;
  if (uidNow !== clusterUid) return readTarget(api);
  if (isRefusal(pods)) return pods;
  if (isRefusal(nodes)) return nodes;
  const held = index.podsByNode.get(name) ?? [];
  const now = changeIndex(index, {
    nodes: [[name, nodes[0]]],
    pods: replacing(held, new Map(tmmPods(api, pods).map((pod) => [podKey(pod), pod]))),
  });
  const workloads = await readWorkloads(api, pods, () => now.pods.values());
  if (isRefusal(workloads)) return workloads;
  return snapshotOver({ target: api.target.name, clusterUid, workloads }, now);
}

/** What the watches hold of a target, and the uid of its cluster. */
export interface HeldTarget {
  readonly clusterUid: string;
  readonly index: TargetIndex;
}

/** Uid of the namespace kube-system, which lives as long as the cluster. */
export async function readClusterUid(api: TargetApi): Promise<string | Refusal> {
  const found = await attempt(CLUSTER_UID, async () => {
    try {
      const answer = await getJson(api, '/api/v1/namespaces/kube-system');
      return namespaceSchema.parse(answer).metadata;
    } catch (error) {
      if (isNotFound(apiErrorOf(error), 'kube-system')) return undefined;
      throw error;
    }
  });
  if (found === undefined) {
    return refuse(
      'cluster_forbidden',
      'The API server has no namespace kube-system, whose uid identifies the cluster.',
      'Point the bot to an API server that has it, and grant verb get on namespaces kube-system, as deploy/role.yaml does.',
    );
  }
  return isRefusal(found) ? found : found.uid;
}

const CLUSTER_UID: Attempt = { verb: 'get', resource: 'namespaces', name: 'kube-system' };

const namespaceSchema = z.object({ metadata: z.object({ uid: z.string().min(1) }) });

async function readLookups(api: TargetApi): Promise<ReadonlyMap<string, Lookup> | Refusal> {
  const lookups = await Promise.all(lookupsOf(api.target).map(({ name }) => readLookup(api, name)));
  const refusal = firstRefusal(...lookups);
  if (refusal !== undefined) return refusal;
  const present = lookups.filter((lookup): lookup is Lookup => lookup !== undefined && !isRefusal(lookup));
  return new Map(present.map((lookup) => [lookup.name, lookup]));
}

function readPods(api: TargetApi, only: Only = {}): Promise<readonly Pod[] | Refusal> {
  const { namespace } = api.target.tmm;
  return attempt({ verb: 'list', resource: 'pods', namespace }, async () => {
    const pods = await pages((continuation) => listPods(api, { ...only, continuation }));
    return pods.map((pod) => podSchema.parse(pod));
  });
}

function tmmPods({ target }: TargetApi, pods: readonly Pod[]): readonly TmmPod[] {
  return pods.map((pod) => podFrom(pod, target.tmm.container));
}

/** One lookup, or undefined if there is none of this name. */
async function readLookup(api: TargetApi, name: string): Promise<Lookup | undefined | Refusal> {
  const found = await readConfigMap(api, name);
  return found === undefined || isRefusal(found) ? found : lookupFrom(found);
}

/** The ConfigMap of this name, or undefined if there is none. */
export function readConfigMap(api: TargetApi, name: string): Promise<ConfigMap | undefined | Refusal> {
  const { namespace } = api.target;
  return attempt({ verb: 'get', resource: 'configmaps', namespace }, async () => {
    try {
      return configMapSchema.parse(
        await getJson(api, `${namespaced(namespace, 'configmaps')}/${encodeURIComponent(name)}`),
      );
    } catch (error) {
      if (isNotFound(apiErrorOf(error), name)) return undefined;
      throw error;
    }
  });
}

function readNodes(api: TargetApi, only: Only = {}): Promise<readonly Node[] | Refusal> {
  return attempt({ verb: 'list', resource: 'nodes' }, async () => {
    const nodes = await pages((continuation) => listNodes(api, { ...only, continuation }));
    return nodes.map((node) => nodeFrom(nodeSchema.parse(node)));
  });
}

/** Filters of a list; absent: all objects of the target. */
interface Only {
  readonly fieldSelector?: string;
}

interface Page extends Only {
  readonly continuation: string | undefined;
}

export function listPods(api: TargetApi, page: Page): Promise<ListPage> {
  const { namespace, selector } = api.target.tmm;
  return getPage(api, namespaced(namespace, 'pods'), { ...page, labelSelector: selector });
}

export function listNodes(api: TargetApi, page: Page): Promise<ListPage> {
  return getPage(api, '/api/v1/nodes', page);
}

export function listLookup(
  api: TargetApi,
  name: string,
  continuation: string | undefined,
): Promise<ListPage> {
  const path = namespaced(api.target.namespace, 'configmaps');
  return getPage(api, path, { fieldSelector: `metadata.name=${name}`, continuation });
}

/** The API path of a resource in a namespace. */
export function namespaced(namespace: string, resource: string): string {
  return `/api/v1/namespaces/${encodeURIComponent(namespace)}/${resource}`;
}

async function pages(list: (continuation: string | undefined) => Promise<ListPage>): Promise<unknown[]> {
  const items: unknown[] = [];
  let continuation: string | undefined;
  do {
    const page = await list(continuation);
    items.push(...page.items);
    continuation = page.metadata?.continue || undefined;
  } while (continuation !== undefined);
  return items;
}

async function getPage(
  api: TargetApi,
  path: string,
  { continuation, ...only }: Page & { readonly labelSelector?: string },
): Promise<ListPage> {
  const query = {
    limit: String(PAGE),
    ...only,
    ...(continuation === undefined ? {} : { continue: continuation }),
  };
  return pageSchema.parse(await getJson(api, path, query));
}

const pageSchema = z.object({
  // Some API servers, such as aggregated ones, give null for an empty list.
  items: z
    .array(z.unknown())
    .nullish()
    .transform((items) => items ?? []),
  metadata: z.object({ resourceVersion: z.string().optional(), continue: z.string().optional() }).optional(),
});
