import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type OpenCluster, openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import { anchorText } from '../../../src/domain/audit/anchor.ts';
import { kubeConfigFrom } from '../../cluster/cluster-under-test.ts';
import { sandboxTarget } from '../../cluster/target.ts';
import { CORE, failure, type PlainApi, POD, startPlainApi, WRITE } from './plain-api.ts';

const LOOKUP = `${CORE}/configmaps/spk-tor-bgp`;
const EVICTION = `POST ${CORE}/pods/${POD.name}/eviction`;
const ANCHOR = { seq: 1, hash: 'a'.repeat(64) };
/** The codes that Kubernetes gives where the policy says none. */
const POLICIES: readonly (readonly [number, string])[] = [
  [400, 'admission webhook "validate.kyverno.svc-fail" denied the request: change window is closed'],
  [
    422,
    "configmaps \"x\" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: closed",
  ],
];

describe('a request that the API server refuses', () => {
  let api: PlainApi;
  let cluster: OpenCluster;
  beforeAll(async () => {
    api = await startPlainApi();
    cluster = openCluster(sandboxTarget(), kubeConfigFrom(api.kubeconfig), () => undefined);
  });
  beforeEach(() => {
    api.reset();
    api.objects.set(LOOKUP, lookup(WRITE.before));
    api.objects.set(`${CORE}/pods/${POD.name}`, { metadata: { name: POD.name, uid: POD.uid } });
  });
  afterAll(async () => {
    cluster?.close();
    await api?.stop();
  });

  test.each(POLICIES)('is final where an admission policy denied it, with code %d', async (code, message) => {
    api.answers.set(`PATCH ${LOOKUP}`, failure(code, message));
    api.answers.set(EVICTION, failure(code, message));
    const outcome = {
      kind: 'refused',
      refusal: { reasonCode: 'cluster_forbidden', sentence: expect.stringContaining(`: ${message}.`) },
    };
    expect(await cluster.write(WRITE, ANCHOR)).toMatchObject(outcome);
    expect(await cluster.evict(POD)).toMatchObject(outcome);
    expect(api.asked.filter((path) => path === LOOKUP)).toHaveLength(2);
    expect(api.asked.filter((path) => path.endsWith('/eviction'))).toHaveLength(1);
  });

  test('is no budget where the API server only asks to slow down', async () => {
    api.answers.set(EVICTION, { code: 429, body: 'Too many requests, please try again later.' });
    expect(await cluster.evict(POD)).toMatchObject({
      kind: 'refused',
      refusal: {
        reasonCode: 'cluster_unreachable',
        sentence: 'The API server answered 429 when asked to create pods/eviction in namespace spk-ingress.',
      },
    });
  }, 20_000);

  test.each([
    [
      429,
      "Cannot evict pod as it would violate the pod's disruption budget.",
      [
        {
          reason: 'DisruptionBudget',
          message: 'The disruption budget f5-tmm needs 2 healthy pods and has 2 currently',
        },
      ],
      'The disruption budget f5-tmm needs 2 healthy pods and has 2 currently.',
    ],
    [
      500,
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
      [],
      'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
    ],
  ])('is a budget with code %d, and its words are a sentence', async (code, message, causes, why) => {
    api.answers.set(EVICTION, failure(code, message, { causes }));
    expect(await cluster.evict(POD)).toEqual({ kind: 'blocked', why });
  });

  test('says nothing of a pod that somebody else takes away in the same moment', async () => {
    const metadata = { name: POD.name, uid: POD.uid, deletionTimestamp: '2026-01-01T00:00:00Z' };
    const first = (): void => void api.objects.set(`${CORE}/pods/${POD.name}`, { metadata });
    api.answers.set(EVICTION, { ...failure(409, 'the object has been modified'), first });
    expect(await cluster.evict(POD)).toEqual({ kind: 'gone' });
  });

  test('after a proxy sent a write twice is that of the second one: the write is this change’s own', async () => {
    const conflict = failure(422, 'the server rejected our request due to an error in our request');
    const first = (): void => void api.objects.set(LOOKUP, lookup(WRITE.after, anchorText(ANCHOR)));
    api.answers.set(`PATCH ${LOOKUP}`, { ...conflict, first });
    expect(await cluster.write(WRITE, ANCHOR)).toEqual({ kind: 'written' });
    const byOthers = (): void => void api.objects.set(LOOKUP, lookup(WRITE.after));
    api.objects.set(LOOKUP, lookup(WRITE.before));
    api.answers.set(`PATCH ${LOOKUP}`, { ...conflict, first: byOthers });
    expect(await cluster.write(WRITE, ANCHOR)).toEqual({ kind: 'already' });
  });

  test('an empty list may be null', async () => {
    api.answers.set(`GET ${CORE}/pods`, { code: 200, body: '{"metadata":{},"items":null}' });
    expect(await cluster.tmmState()).toMatchObject({ pods: [] });
  });
});

function lookup(value: string, anchor?: string): object {
  return {
    metadata: {
      name: WRITE.lookup,
      uid: 'u',
      resourceVersion: '1',
      ...(anchor !== undefined && { annotations: { 'tor-bgp-bot/audit-anchor': anchor } }),
    },
    data: { [WRITE.node]: value },
  };
}
