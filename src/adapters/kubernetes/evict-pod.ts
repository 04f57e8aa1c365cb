import { setTimeout as sleep } from 'node:timers/promises';
import { asClause } from '../../domain/phrasing.ts';
import type { EvictOutcome, PodReference } from '../../ports/cluster.ts';
import { type ApiError, type Attempt, apiErrorOf, isDenied, isNotFound, refusalOf } from './api-error.ts';
import { sendEffect, type TargetApi, within } from './target-api.ts';

const TRIES = 4;
const MAX_PAUSE_MS = 3_000;

/** Evicts exactly this pod, by `policy/v1`, or by `policy/v1beta1` where the server knows only that. */
export function evictPod(api: TargetApi, pod: PodReference): Promise<EvictOutcome> {
  const attempt = { verb: 'create', resource: 'pods/eviction', namespace: pod.namespace };
  return take(api, pod, attempt, async () => {
    try {
      await sendEviction(api, pod, evictionVersions.get(api.kubeConfig) ?? 'policy/v1');
    } catch (error) {
      if (evictionVersions.has(api.kubeConfig) || !isUnknownVersion(apiErrorOf(error))) throw error;
      await sendEviction(api, pod, 'policy/v1beta1');
      evictionVersions.set(api.kubeConfig, 'policy/v1beta1');
    }
  });
}

/** Deletes exactly this pod with its own grace period, regardless of PodDisruptionBudgets. */
export function removePod(api: TargetApi, pod: PodReference): Promise<EvictOutcome> {
  const { name, namespace, uid } = pod;
  return take(api, pod, { verb: 'delete', resource: 'pods', namespace }, async () => {
    const deletion = { name, namespace, body: { preconditions: { uid } } };
    await sendEffect(api, (options) => api.core.deleteNamespacedPod(deletion, options));
  });
}

/** The eviction API version that this API server turned out to support. */
const evictionVersions = new WeakMap<TargetApi['kubeConfig'], 'policy/v1beta1'>();

async function sendEviction(
  api: TargetApi,
  { name, namespace, uid }: PodReference,
  apiVersion: string,
): Promise<void> {
  const body = {
    apiVersion,
    kind: 'Eviction',
    metadata: { name, namespace },
    deleteOptions: { preconditions: { uid } },
  };
  await sendEffect(api, (options) =>
    api.core.createNamespacedPodEviction({ name, namespace, body }, options),
  );
}

/** Servers before 1.22 answer `no kind "Eviction" is registered for version "policy/v1"`, or a bare 404 without a pod. */
function isUnknownVersion(apiError: ApiError): boolean {
  return (
    apiError.kind === 'answered' &&
    apiError.code === 400 &&
    /no kind|registered|policy\/v1/i.test(apiError.message)
  );
}

async function take(
  api: TargetApi,
  pod: PodReference,
  attempt: Attempt,
  send: () => Promise<void>,
): Promise<EvictOutcome> {
  let last: ApiError | undefined;
  for (let round = 0; round < TRIES && !api.call.signal.aborted; round += 1) {
    try {
      await send();
      return { kind: 'accepted' };
    } catch (error) {
      last = apiErrorOf(error);
    }
    if (isNotFound(last, pod.name)) return gone(api);
    if (last.kind === 'answered') {
      if (isDisruptionBudget(last)) return { kind: 'blocked', why: describeDisruptionBudget(last) };
      if (isDenied(last) && api.call.unansweredEffects === 0)
        return { kind: 'refused', refusal: refusalOf(last, attempt) };
    }
    // After a lost or unexpected answer, the pod itself shows whether it happened.
    const seen = await look(api, pod);
    if (seen !== undefined) return seen;
    if (!api.call.mayHaveEffect()) break;
    await sleep(pauseMs(last, round));
  }
  if (last === undefined) return { kind: 'unknown', why: 'no answer' };
  const refusal = refusalOf(last, attempt);
  return api.call.unansweredEffects > 0
    ? { kind: 'unknown', why: refusal.sentence }
    : { kind: 'refused', refusal };
}

/** Whether the pod is terminating or replaced; undefined while it is unchanged, or cannot be read. */
async function look(
  api: TargetApi,
  { name, namespace, uid }: PodReference,
): Promise<EvictOutcome | undefined> {
  const { core, call } = api;
  try {
    const { metadata } = await core.readNamespacedPod({ name, namespace }, within(call));
    if (metadata?.uid !== uid) return gone(api);
    return metadata.deletionTimestamp === undefined ? undefined : gone(api);
  } catch (error) {
    return isNotFound(apiErrorOf(error), name) ? gone(api) : undefined;
  }
}

/** If an earlier request had no answer, that one may have evicted the pod; otherwise somebody else did. */
function gone({ call }: TargetApi): EvictOutcome {
  return { kind: call.unansweredEffects > 0 ? 'accepted' : 'gone' };
}

type Answered = Extract<ApiError, { kind: 'answered' }>;

/**
 * Distinguished from throttling, which says nothing about the pod, by its cause; 500 is the answer when several
 * PodDisruptionBudgets select one pod.
 */
function isDisruptionBudget({ code, causes, message }: Answered): boolean {
  if (code !== 429 && code !== 500) return false;
  return causes.some(({ reason }) => reason === 'DisruptionBudget') || /disruption ?budget/i.test(message);
}

function describeDisruptionBudget({ causes, message }: Answered): string {
  const words = causes.find(({ reason }) => reason === 'DisruptionBudget')?.message || message;
  return `${asClause(words.replace(/\s+/g, ' ').slice(0, 300))}.`;
}

function pauseMs(apiError: ApiError, round: number): number {
  const asked = apiError.kind === 'answered' ? (apiError.retryAfterSeconds ?? 0) * 1000 : 0;
  return Math.min(Math.max(asked, 200 * 2 ** round), MAX_PAUSE_MS);
}
