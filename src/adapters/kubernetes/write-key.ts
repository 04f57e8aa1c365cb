import { setTimeout as sleep } from 'node:timers/promises';
import { type Anchor, anchorText } from '../../domain/audit/anchor.ts';
import { FIELD_MANAGER } from '../../domain/drift/detect.ts';
import { type Refusal, refuse } from '../../domain/refusal.ts';
import type { KeyWrite, WriteOutcome } from '../../ports/cluster.ts';
import { annotate } from './anchor-annotation.ts';
import { type ApiError, type Attempt, apiErrorOf, isDenied, isNotFound, refusalOf } from './api-error.ts';
import { ANCHOR_ANNOTATION, type ConfigMap, configMapSchema } from './lookup-from.ts';
import { sendEffect, type TargetApi, within } from './target-api.ts';

const TRIES = 6;
const FIRST_PAUSE_MS = 150;

/**
 * Writes one key of a lookup by a JSON Patch that names the key's old value, so that it happens once or not at all and changes no
 * other byte of the data; the same patch sets the anchor. If the answer was lost, it is repeated, which the guard makes safe.
 */
export async function writeKey(api: TargetApi, difference: KeyWrite, anchor: Anchor): Promise<WriteOutcome> {
  let last: ApiError | undefined;
  let refusedBefore = false;
  for (let round = 0; round < TRIES && !api.call.signal.aborted; round += 1) {
    if (round > 0) await sleep(FIRST_PAUSE_MS * 2 ** (round - 1));
    const found = await find(api, difference.lookup);
    if (found.kind === 'failed') {
      last = found.apiError;
      if (!isDenied(found.apiError)) continue;
      if (api.call.unansweredEffects > 0) break;
      return refused(found.apiError, attemptTo('get', api));
    }
    const sent = api.call.unansweredEffects > 0;
    const settled = settle(difference, found.lookup, { anchor, sent, refusedBefore });
    if (settled !== undefined) return settled;
    if (!api.call.mayHaveEffect()) break;
    const apiError = await send(api, difference, anchor, found.lookup);
    if (apiError === undefined) return { kind: 'written' };
    last = apiError;
    refusedBefore = true;
    const verb = found.lookup === undefined ? 'create' : 'patch';
    if (isDenied(apiError)) {
      if (api.call.unansweredEffects > 0) break;
      return refused(apiError, attemptTo(verb, api));
    }
    const fault = contentFault(difference, apiError);
    if (fault !== undefined) return fault;
  }
  const why = last === undefined ? 'it kept changing' : refusalOf(last, attemptTo('patch', api)).sentence;
  if (api.call.unansweredEffects > 0) return { kind: 'unknown', why };
  return {
    kind: 'refused',
    refusal:
      last === undefined
        ? refuse('cluster_unreachable', why, 'Try again in a moment.')
        : refusalOf(last, attemptTo('patch', api)),
  };
}

type Found =
  | { readonly kind: 'read'; readonly lookup: ConfigMap | undefined }
  | { readonly kind: 'failed'; readonly apiError: ApiError };

async function find({ core, call, target: { namespace } }: TargetApi, name: string): Promise<Found> {
  try {
    return {
      kind: 'read',
      lookup: configMapSchema.parse(await core.readNamespacedConfigMap({ name, namespace }, within(call))),
    };
  } catch (error) {
    const apiError = apiErrorOf(error);
    if (isNotFound(apiError, name)) return { kind: 'read', lookup: undefined };
    return { kind: 'failed', apiError };
  }
}

interface Attempts {
  readonly anchor: Anchor;
  /** Whether a request of this call had no definite answer. */
  readonly sent: boolean;
  /** Whether one was refused. */
  readonly refusedBefore: boolean;
}

/** The outcome where no write is needed: it is done, it must not be done, or it cannot be. */
function settle(
  difference: KeyWrite,
  found: ConfigMap | undefined,
  { anchor, sent, refusedBefore }: Attempts,
): WriteOutcome | undefined {
  const { lookup, lookupUid, node, before, after } = difference;
  if (found === undefined) {
    if (difference.createsLookup && before === null) return undefined;
    return {
      kind: 'refused',
      refusal: refuse(
        'lookup_missing',
        `The ConfigMap ${lookup} does not exist any more.`,
        'Submit the command again: the plan was made while it existed.',
      ),
    };
  }
  if (lookupUid !== undefined && found.metadata.uid !== lookupUid)
    return { kind: 'refused', refusal: lookupReplaced(lookup) };
  const actual = found.data?.[node] ?? null;
  const isNoted = found.metadata.annotations?.[ANCHOR_ANNOTATION] === anchorText(anchor);
  // A proxy may have sent the request twice, and passed on the refusal of the second one.
  if (actual === after) return { kind: sent || (refusedBefore && isNoted) ? 'written' : 'already' };
  // The anchor shows that a request without an answer was done: somebody has set the key back since.
  if (sent && isNoted) return { kind: 'written' };
  if (actual !== before) return { kind: 'differs', actual };
  if (!found.immutable) return undefined;
  return {
    kind: 'refused',
    refusal: refuse(
      'lookup_immutable',
      `The ConfigMap ${lookup} is immutable: Kubernetes rejects every change to it.`,
      'Its owner has to delete and recreate it.',
    ),
  };
}

function lookupReplaced(lookup: string): Refusal {
  return refuse(
    'mapping_moved',
    `The ConfigMap ${lookup} was deleted and created again since the plan was made.`,
    'Find out who did it, then submit the command again.',
  );
}

async function send(
  api: TargetApi,
  difference: KeyWrite,
  anchor: Anchor,
  found: ConfigMap | undefined,
): Promise<ApiError | undefined> {
  const { lookup: name, node, after } = difference;
  const { core } = api;
  const { namespace } = api.target;
  try {
    if (found === undefined) {
      const annotations = { [ANCHOR_ANNOTATION]: anchorText(anchor) };
      const body = {
        metadata: { name, namespace, annotations },
        data: after === null ? {} : { [node]: after },
      };
      const creation = { namespace, body, fieldManager: FIELD_MANAGER };
      await sendEffect(api, (options) => core.createNamespacedConfigMap(creation, options));
    } else {
      const body = patchOf(difference, anchor, found);
      const patch = { name, namespace, body, fieldManager: FIELD_MANAGER };
      await sendEffect(api, (options) => core.patchNamespacedConfigMap(patch, options));
    }
    return undefined;
  } catch (error) {
    return apiErrorOf(error);
  }
}

/**
 * The resource version guards a key that must not exist yet, which `test` cannot express, and a patch that arrives late: somebody
 * may have reverted the key since.
 */
function patchOf(difference: KeyWrite, anchor: Anchor, found: ConfigMap): object[] {
  const { node, before } = difference;
  const { uid, resourceVersion } = found.metadata;
  return [
    { op: 'test', path: '/metadata/uid', value: uid },
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...(before === null ? [] : [{ op: 'test', path: pathOf(node), value: before }]),
    operationOf(difference, found),
    annotate(found, anchor),
  ];
}

function operationOf({ node, before, after }: KeyWrite, { data }: ConfigMap): object {
  if (data == null) return { op: 'add', path: '/data', value: { [node]: after } };
  if (after === null) return { op: 'remove', path: pathOf(node) };
  return { op: before === null ? 'add' : 'replace', path: pathOf(node), value: after };
}

function pathOf(node: string): string {
  return `/data/${node.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

function contentFault({ lookup }: KeyWrite, apiError: ApiError): WriteOutcome | undefined {
  if (apiError.kind !== 'answered' || !/too long|too large|must have at most/i.test(apiError.message))
    return undefined;
  const tooLarge = (what: string, limit: string, next: string): WriteOutcome => ({
    kind: 'refused',
    refusal: refuse('lookup_too_large', `${what} would exceed ${limit}, which Kubernetes rejects.`, next),
  });
  return apiError.message.includes('metadata.annotations')
    ? tooLarge(`All annotations of the ConfigMap ${lookup}`, '256 KiB', 'Remove unused annotations first.')
    : tooLarge(`The ConfigMap ${lookup}`, '1 MiB', 'Remove entries of nodes that are gone first.');
}

function refused(apiError: ApiError, attempt: Attempt): WriteOutcome {
  return { kind: 'refused', refusal: refusalOf(apiError, attempt) };
}

function attemptTo(verb: string, { target: { namespace } }: TargetApi): Attempt {
  return { verb, resource: 'configmaps', namespace };
}
