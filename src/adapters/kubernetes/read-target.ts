import type { Lookup, Node, Snapshot, TmmPod, TmmState } from '../../domain/bgp/snapshot.ts';
import { lookupsOf } from '../../domain/bgp/target.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { apiErrorOf } from './api-error.ts';
import { within } from './call-options.ts';
import type { ListPage } from './follow.ts';
import { type ConfigMap, configMapSchema, lookupFrom } from './lookup-from.ts';
import { nodeFrom, nodeSchema } from './node-from.ts';
import { podFrom, podSchema } from './pod-from.ts';
import { attempt, firstRefusal, type TargetApi } from './target-api.ts';

const PAGE = 500;

/** Lookups, nodes and pods, read now and side by side. */
export async function readTarget(api: TargetApi): Promise<Snapshot | Refusal> {
  const [state, nodes] = await Promise.all([readTmmState(api), readNodes(api)]);
  if (isRefusal(state)) return state;
  return isRefusal(nodes) ? nodes : { target: api.target.name, ...state, nodes };
}

/** Lookups and pods, read now and side by side. */
export async function readTmmState(api: TargetApi): Promise<TmmState | Refusal> {
  const [pods, ...lookups] = await Promise.all([
    readPods(api),
    ...lookupsOf(api.target).map(({ name }) => readLookup(api, name)),
  ]);
  const refusal = firstRefusal(pods, ...lookups);
  if (refusal !== undefined || isRefusal(pods)) return refusal ?? never();
  const present = lookups.filter((lookup): lookup is Lookup => lookup !== undefined && !isRefusal(lookup));
  return { lookups: new Map(present.map((lookup) => [lookup.name, lookup])), pods };
}

export function readPods(api: TargetApi): Promise<readonly TmmPod[] | Refusal> {
  const { namespace, container } = api.target.tmm;
  return attempt({ verb: 'list', resource: 'pods', namespace }, async () => {
    const pods = await pages((continuation) => listPods(api, continuation));
    return pods.map((pod) => podFrom(podSchema.parse(pod), container));
  });
}

/** One lookup, or undefined where there is none of this name. */
export async function readLookup(api: TargetApi, name: string): Promise<Lookup | undefined | Refusal> {
  const found = await readConfigMap(api, name);
  return found === undefined || isRefusal(found) ? found : lookupFrom(found);
}

/** The ConfigMap of this name, or undefined where there is none. */
export function readConfigMap(api: TargetApi, name: string): Promise<ConfigMap | undefined | Refusal> {
  const { namespace } = api.target;
  return attempt({ verb: 'get', resource: 'configmaps', namespace }, async () => {
    try {
      return configMapSchema.parse(await api.core.readNamespacedConfigMap({ name, namespace }, within()));
    } catch (error) {
      const trouble = apiErrorOf(error);
      if (trouble.kind === 'answered' && trouble.code === 404) return undefined;
      throw error;
    }
  });
}

function readNodes(api: TargetApi): Promise<readonly Node[] | Refusal> {
  return attempt({ verb: 'list', resource: 'nodes' }, async () => {
    const nodes = await pages((continuation) => listNodes(api, continuation));
    return nodes.map((node) => nodeFrom(nodeSchema.parse(node)));
  });
}

export function listPods({ core, target }: TargetApi, continuation: string | undefined): Promise<ListPage> {
  const { namespace, selector } = target.tmm;
  return core.listNamespacedPod({ namespace, labelSelector: selector, ...paged(continuation) }, within());
}

export function listNodes({ core }: TargetApi, continuation: string | undefined): Promise<ListPage> {
  return core.listNode(paged(continuation), within());
}

export function listLookup(
  { core, target: { namespace } }: TargetApi,
  name: string,
  continuation: string | undefined,
): Promise<ListPage> {
  const fieldSelector = `metadata.name=${name}`;
  return core.listNamespacedConfigMap({ namespace, fieldSelector, ...paged(continuation) }, within());
}

async function pages(list: (continuation: string | undefined) => Promise<ListPage>): Promise<unknown[]> {
  const items: unknown[] = [];
  let continuation: string | undefined;
  do {
    const page = await list(continuation);
    items.push(...page.items);
    continuation = page.metadata?._continue || undefined;
  } while (continuation !== undefined);
  return items;
}

function paged(continuation: string | undefined): { limit: number; _continue?: string } {
  return { limit: PAGE, ...(continuation === undefined ? {} : { _continue: continuation }) };
}

function never(): never {
  throw new Error('reading a target: a refusal got lost');
}
