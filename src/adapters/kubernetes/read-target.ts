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
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { apiErrorOf } from './api-error.ts';
import type { ListPage } from './follow.ts';
import { type ConfigMap, configMapSchema, lookupFrom } from './lookup-from.ts';
import { nodeFrom, nodeSchema, podFrom, podSchema } from './pod-from.ts';
import { attempt, firstRefusal, getJson, type TargetApi } from './target-api.ts';

const PAGE = 100;

/** Lookups, nodes and pods, read now and side by side. */
export async function readTarget(api: TargetApi): Promise<Snapshot | Refusal> {
  const [state, nodes] = await Promise.all([readTmmState(api), readNodes(api)]);
  if (isRefusal(state)) return state;
  if (isRefusal(nodes)) return nodes;
  return snapshotOf({ target: api.target.name, clusterUid: '', nodes, ...state });
}

/** Lookups and pods, read now and side by side. */
export async function readTmmState(api: TargetApi): Promise<TmmState | Refusal> {
  const [pods, lookups] = await Promise.all([readPods(api), readLookups(api)]);
  if (isRefusal(pods)) return pods;
  return isRefusal(lookups) ? lookups : { lookups, pods };
}

/** `index` as a snapshot in which this node and its pods are read now. */
export async function readNode(
  api: TargetApi,
  name: string,
  index: TargetIndex,
): Promise<Snapshot | Refusal> {
  const [pods, nodes] = await Promise.all([
    readPods(api, { fieldSelector: `spec.nodeName=${name}` }),
    // A list, because the bot has no right to get a node.
    readNodes(api, { fieldSelector: `metadata.name=${name}` }),
  ]);
  if (isRefusal(pods)) return pods;
  if (isRefusal(nodes)) return nodes;
  const held = index.podsByNode.get(name) ?? [];
  const now = changeIndex(index, {
    nodes: [[name, nodes[0]]],
    pods: replacing(held, new Map(pods.map((pod) => [podKey(pod), pod]))),
  });
  return snapshotOver({ target: api.target.name, clusterUid: '' }, now);
}

async function readLookups(api: TargetApi): Promise<ReadonlyMap<string, Lookup> | Refusal> {
  const lookups = await Promise.all(lookupsOf(api.target).map(({ name }) => readLookup(api, name)));
  const refusal = firstRefusal(...lookups);
  if (refusal !== undefined) return refusal;
  const present = lookups.filter((lookup): lookup is Lookup => lookup !== undefined && !isRefusal(lookup));
  return new Map(present.map((lookup) => [lookup.name, lookup]));
}

function readPods(api: TargetApi, only: Only = {}): Promise<readonly TmmPod[] | Refusal> {
  const { namespace, container } = api.target.tmm;
  return attempt({ verb: 'list', resource: 'pods', namespace }, async () => {
    const pods = await pages((continuation) => listPods(api, { ...only, continuation }));
    return pods.map((pod) => podFrom(podSchema.parse(pod), container));
  });
}

/** One lookup, or undefined where there is none of this name. */
async function readLookup(api: TargetApi, name: string): Promise<Lookup | undefined | Refusal> {
  const found = await readConfigMap(api, name);
  return found === undefined || isRefusal(found) ? found : lookupFrom(found);
}

/** The ConfigMap of this name, or undefined where there is none. */
export function readConfigMap(api: TargetApi, name: string): Promise<ConfigMap | undefined | Refusal> {
  const { namespace } = api.target;
  return attempt({ verb: 'get', resource: 'configmaps', namespace }, async () => {
    try {
      return configMapSchema.parse(
        await getJson(api.kubeConfig, `${namespaced(namespace, 'configmaps')}/${encodeURIComponent(name)}`),
      );
    } catch (error) {
      const trouble = apiErrorOf(error);
      if (trouble.kind === 'answered' && trouble.code === 404) return undefined;
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

/** Which objects of a kind are listed; all of the target when it is left out. */
interface Only {
  readonly fieldSelector?: string;
}

interface Page extends Only {
  readonly continuation: string | undefined;
}

export function listPods({ kubeConfig, target: { tmm } }: TargetApi, page: Page): Promise<ListPage> {
  const path = namespaced(tmm.namespace, 'pods');
  return getPage(kubeConfig, path, { ...page, labelSelector: tmm.selector });
}

export function listNodes({ kubeConfig }: TargetApi, page: Page): Promise<ListPage> {
  return getPage(kubeConfig, '/api/v1/nodes', page);
}

export function listLookup(
  { kubeConfig, target }: TargetApi,
  name: string,
  continuation: string | undefined,
): Promise<ListPage> {
  const path = namespaced(target.namespace, 'configmaps');
  return getPage(kubeConfig, path, { fieldSelector: `metadata.name=${name}`, continuation });
}

/** The path of what a namespace holds of a kind. */
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
  kubeConfig: TargetApi['kubeConfig'],
  path: string,
  { continuation, ...only }: Page & { readonly labelSelector?: string },
): Promise<ListPage> {
  const query = {
    limit: String(PAGE),
    ...only,
    ...(continuation === undefined ? {} : { continue: continuation }),
  };
  return pageSchema.parse(await getJson(kubeConfig, path, query));
}

const pageSchema = z.object({
  items: z.array(z.unknown()),
  metadata: z.object({ resourceVersion: z.string().optional(), continue: z.string().optional() }).optional(),
});
