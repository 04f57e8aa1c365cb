import { z } from 'zod';
import { type Cluster, timestamp, type WriteOptions } from '../cluster.ts';
import { isTrue } from '../kinds/condition.ts';
import { type DisruptionBudget, disruptionBudgetSchema } from '../kinds/disruption-budget.ts';
import { disruptionBudgets } from '../kinds/disruption-budgets.ts';
import { type Pod, podSchema } from '../kinds/pod.ts';
import { pods } from '../kinds/pods.ts';
import { matchesSelector } from '../label-selector.ts';
import { badRequest, failure, notFound, type Status, success } from '../status-error.ts';
import { type DeleteOptions, deleteObject, deleteOptionsSchema } from './delete-object.ts';

const evictionSchema = z.looseObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  metadata: z.looseObject({ name: z.string().optional(), namespace: z.string().optional() }).optional(),
  deleteOptions: deleteOptionsSchema.nullish(),
});

const VIOLATION = "Cannot evict pod as it would violate the pod's disruption budget.";
const RETRY_AFTER_SECONDS = 10;

/** Deletes the pod if its disruption budget allows; policy/v1 and policy/v1beta1 alike. */
export function evictPod(
  cluster: Cluster,
  namespace: string,
  name: string,
  body: unknown,
  { dryRun = false }: WriteOptions,
): Status {
  const options = readEviction(name, body);
  const object = cluster.store.get(pods, namespace, name);
  if (object === undefined) throw notFound(pods, name);
  const deletion: DeleteOptions = dryRun ? { ...options, dryRun: ['All'] } : options;
  // The preconditions come first: whoever means another pod must not use up the budget of this one.
  deleteObject(cluster, pods, object, { ...deletion, dryRun: ['All'] });

  const pod = podSchema.parse(object);
  const budget = budgetOf(cluster, pod);
  if (budget !== undefined && !mayIgnore(pod, budget)) {
    refuseViolation(budget);
    if (!dryRun) spend(cluster, budget, name);
  }
  deleteObject(cluster, pods, object, deletion);
  return success(undefined, 201);
}

function readEviction(name: string, body: unknown): DeleteOptions {
  const eviction = evictionSchema.safeParse(body);
  if (!eviction.success) throw badRequest(`Eviction in version "v1" cannot be handled as a Eviction`);
  const { apiVersion = 'policy/v1', kind = 'Eviction', metadata, deleteOptions } = eviction.data;
  if (kind !== 'Eviction' || !['policy/v1', 'policy/v1beta1'].includes(apiVersion)) {
    throw badRequest(`no kind "${kind}" is registered for version "${apiVersion}"`);
  }
  if (metadata?.name !== undefined && metadata.name !== name) {
    throw badRequest('name in URL does not match name in Eviction object');
  }
  return deleteOptions ?? {};
}

function budgetOf({ store }: Cluster, pod: Pod): DisruptionBudget | undefined {
  const matching = store
    .list(disruptionBudgets, pod.metadata.namespace ?? '')
    .map((object) => disruptionBudgetSchema.parse(object))
    .filter(({ spec }) => matchesSelector(spec.selector, pod.metadata.labels ?? {}));
  if (matching.length > 1) {
    const why =
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw failure(500, 'InternalError', why);
  }
  return matching[0];
}

/** A pod that ends anyway, never ran, or is no longer healthy while enough others are. */
function mayIgnore({ metadata, status }: Pod, budget: DisruptionBudget): boolean {
  if (metadata.deletionTimestamp !== undefined || status.phase !== 'Running') return true;
  const { currentHealthy, desiredHealthy } = budget.status;
  return !isTrue(status.conditions, 'Ready') && desiredHealthy > 0 && currentHealthy >= desiredHealthy;
}

function refuseViolation({ metadata, status }: DisruptionBudget): void {
  const { disruptionsAllowed, desiredHealthy, currentHealthy } = status;
  const isUnread = (status.observedGeneration ?? 0) < (metadata.generation ?? 0);
  if (!isUnread && disruptionsAllowed > 0) return;
  const message = isUnread
    ? `The disruption budget ${metadata.name} is still being processed by the server.`
    : `The disruption budget ${metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`;
  throw failure(429, 'TooManyRequests', VIOLATION, {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(isUnread ? { retryAfterSeconds: RETRY_AFTER_SECONDS } : {}),
  });
}

/** Takes the disruption off the budget at once, so that two evictions in a row do not both pass. */
function spend(cluster: Cluster, budget: DisruptionBudget, pod: string): void {
  const disruptedPods = { ...budget.status.disruptedPods, [pod]: timestamp(cluster.now()) };
  cluster.store.put(disruptionBudgets, {
    ...budget,
    status: {
      ...budget.status,
      disruptionsAllowed: budget.status.disruptionsAllowed - 1,
      disruptedPods,
    },
  });
}
