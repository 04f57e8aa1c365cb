import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import type { Interference } from '../../../sandbox/src/kubernetes/server/interference.ts';
import { type SandboxCluster, startCluster } from '../../../sandbox/src/start-cluster.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';
import { apiErrorOf, refusalOf } from '../../../src/adapters/kubernetes/api-error.ts';
import { reuseConnections } from '../../../src/adapters/kubernetes/kube-config.ts';
import { type OpenCluster, openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import type { Difference } from '../../../src/domain/change/plan.ts';
import { sandboxTarget } from '../../cluster/target.ts';
import { eventually } from '../../sandbox/zebos/eventually.ts';

const ANCHOR = { seq: 12, hash: 'a'.repeat(64) };

const NODE = 'worker1.rack.example.com';
const write: Difference = {
  lookup: 'spk-tor-bgp',
  asn: 3535,
  node: NODE,
  before: '10.20.1.1',
  after: '10.20.1.9',
  createsLookup: false,
};
const back: Difference = { ...write, before: '10.20.1.9', after: '10.20.1.1' };

let written = 0;
/** Each write is announced by a record of its own. */
function nextAnchor() {
  written += 1;
  return { seq: 100 + written, hash: 'b'.repeat(64) };
}

describe('an API server in trouble', () => {
  let world: SandboxCluster;
  let cluster: OpenCluster;
  let errors: string[] = [];
  let meets: ((method: string, path: string) => Interference | undefined) | undefined;

  beforeAll(async () => {
    world = await startCluster({
      port: 0,
      routers: createRouters(),
      interfere: ({ method, path }) => meets?.(method, path),
    });
    const config = new KubeConfig();
    config.loadFromString(world.kubeconfig);
    cluster = openCluster(sandboxTarget(), reuseConnections(config), (why) => errors.push(why));
    await eventually(() =>
      expect(cluster.cachedSnapshot()?.pods.filter(({ ready }) => ready).length).toBe(3),
    );
  });
  afterAll(async () => {
    cluster.close();
    await world.stop();
  });
  beforeEach(() => {
    meets = undefined;
    errors = [];
    met = 0;
  });

  let met = 0;
  const holding = (): boolean => met > 0;

  /** The first so many requests of this method meet it. */
  function first(times: number, method: string, interference: Interference): void {
    let left = times;
    meets = (asked, path) => {
      if (asked !== method || left === 0 || !/configmaps|eviction/.test(path)) return undefined;
      left -= 1;
      met += 1;
      return interference;
    };
  }

  test.each([500, 503, 429, 409] as const)(
    'a write that is answered %d is tried again, and happens once',
    async (status) => {
      first(2, 'PATCH', { kind: 'answer', status });
      expect(await cluster.write(write, nextAnchor())).toEqual({ kind: 'written' });
      expect(await cluster.write(back, nextAnchor())).toEqual({ kind: 'written' });
    },
  );

  test('a write whose answer is lost is read back, and told as what it was', async () => {
    first(1, 'PATCH', { kind: 'reset', done: 'everything' });
    expect(await cluster.write(write, nextAnchor())).toEqual({ kind: 'written' });
    first(1, 'PATCH', { kind: 'reset', done: 'nothing' });
    expect(await cluster.write(back, nextAnchor())).toEqual({ kind: 'written' });
  });

  test('an annotation that somebody adds in the same moment stands beside the anchor', async () => {
    const config = new KubeConfig();
    config.loadFromString(world.kubeconfig);
    const core = config.makeApiClient(CoreV1Api);
    const name = 'spk-tor-bgp-v6';
    const namespace = 'spk-ingress';
    await core.deleteNamespacedConfigMap({ name, namespace });
    await core.createNamespacedConfigMap({
      namespace,
      body: { metadata: { name }, data: { [NODE]: 'old' } },
    });
    let release = (): void => undefined;
    const until = new Promise<void>((resolve) => {
      release = resolve;
    });
    first(1, 'PATCH', { kind: 'hold', until });
    const written = cluster.write({ ...write, lookup: name, before: 'old', after: 'new' }, ANCHOR);
    await eventually(() => expect(holding()).toBe(true));
    await core.patchNamespacedConfigMap({
      name,
      namespace,
      body: [{ op: 'add', path: '/metadata/annotations', value: { 'example.com/theirs': 'kept' } }],
    });
    release();
    expect(await written).toEqual({ kind: 'written' });
    const { metadata, data } = await core.readNamespacedConfigMap({ name, namespace });
    expect(data).toEqual({ [NODE]: 'new' });
    expect(metadata?.annotations).toEqual({
      'example.com/theirs': 'kept',
      'tor-bgp-bot/audit-anchor': `12:${ANCHOR.hash}`,
    });
  });

  test('a write that nobody can say anything about is unknown, not done and not refused', async () => {
    let dead = false;
    meets = (method, path) => {
      if (method === 'PATCH') dead = true;
      return dead && path.includes('configmaps') ? { kind: 'reset', done: 'nothing' } : undefined;
    };
    expect(await cluster.write(write, nextAnchor())).toMatchObject({ kind: 'unknown' });
  });

  test('a server that does not answer is named as unreachable, in words', async () => {
    meets = (method) => (method === 'GET' ? { kind: 'reset', done: 'nothing' } : undefined);
    expect(await cluster.snapshot()).toMatchObject({ kind: 'refusal', reasonCode: 'cluster_unreachable' });
    meets = (_, path) => (path.includes('nodes') ? { kind: 'answer', status: 500 } : undefined);
    expect(await cluster.snapshot()).toMatchObject({
      sentence: expect.stringContaining('answered 500 when asked to list nodes'),
    });
  });

  test('a read whose connection the server closes is sent once more', async () => {
    for (const resource of ['pods', 'nodes', 'configmaps', 'kube-system', 'deployments']) {
      let closed = 0;
      meets = (_, path) => {
        if (!path.includes(resource) || closed > 0) return undefined;
        closed += 1;
        return { kind: 'reset', done: 'nothing' };
      };
      expect(await cluster.snapshot()).toHaveProperty('pods');
      expect(closed).toBe(1);
    }
  });

  test.each([429, 500, 503] as const)(
    'one read that is answered %d is refused as what may be tried again, and the next one is fine',
    async (status) => {
      for (const resource of ['pods', 'nodes', 'configmaps', 'kube-system', 'deployments']) {
        meets = (_, path) => (path.includes(resource) ? { kind: 'answer', status } : undefined);
        expect(await cluster.snapshot()).toMatchObject({ reasonCode: 'cluster_unreachable' });
      }
      meets = undefined;
      expect(await cluster.snapshot()).toHaveProperty('clusterUid');
    },
  );

  test('an effect that found no connection is refused, because it cannot have happened', async () => {
    const gone = await startCluster({ port: 0, routers: createRouters() });
    const config = new KubeConfig();
    config.loadFromString(gone.kubeconfig);
    await gone.stop();
    const away = openCluster(sandboxTarget(), config, () => undefined);
    const pod = { namespace: 'spk-ingress', name: 'f5-tmm-1', uid: 'u' };
    const outcomes = await Promise.all([away.write(write, ANCHOR), away.evict(pod), away.remove(pod)]);
    const refused = { kind: 'refused', refusal: { reasonCode: 'cluster_unreachable' } };
    expect(outcomes).toMatchObject([refused, refused, refused]);
    away.close();
  }, 40_000);

  test('the picture stays while the watches begin again, and moves with the cluster afterwards', async () => {
    let broken = true;
    meets = (method) => (broken && method === 'GET' ? { kind: 'reset', done: 'nothing' } : undefined);
    const config = new KubeConfig();
    config.loadFromString(world.kubeconfig);
    const other = openCluster(sandboxTarget(), config, (why) => errors.push(why));
    await eventually(() => expect(errors.length).toBeGreaterThan(2));
    expect(other.cachedSnapshot()).toBeUndefined();
    broken = false;
    await eventually(() => expect(other.cachedSnapshot()?.pods.length).toBe(3));
    other.close();
  });
});

test.each([
  [
    'pods "f5-tmm-1" is forbidden: User "bot" cannot create resource "pods/eviction" in API group "" in the namespace "spk-ingress"',
    'The bot may not create pods/eviction f5-tmm-1 in namespace spk-ingress.',
  ],
  ['', 'The bot may not create pods/eviction f5-tmm-1 in namespace spk-ingress.'],
  [
    'admission webhook "maintenance.example.com" denied the request: maintenance window is closed',
    'The API server refuses to create pods/eviction f5-tmm-1 in namespace spk-ingress: admission webhook "maintenance.example.com" denied the request: maintenance window is closed.',
  ],
])('a 403 says which right is missing, or who denied the request: %s', (message, sentence) => {
  const trouble = { kind: 'answered', code: 403, message, ...NOTHING_ELSE } as const;
  const attempt = { verb: 'create', resource: 'pods/eviction', namespace: 'spk-ingress', name: 'f5-tmm-1' };
  expect(refusalOf(trouble, attempt)).toMatchObject({ reasonCode: 'cluster_forbidden', sentence });
});

describe('a request certainly did not arrive', () => {
  const failed = (cause: object): boolean => {
    const apiError = apiErrorOf(new TypeError('fetch failed', { cause }));
    return apiError.kind === 'silent' && apiError.neverConnected;
  };
  const unreachable = { code: 'EHOSTUNREACH', syscall: 'connect' };

  test.each<[string, object, boolean]>([
    [
      'where no address could be connected to',
      { code: 'ETIMEDOUT', errors: [unreachable, unreachable] },
      true,
    ],
    ['where its only address could not', unreachable, true],
    ['where the certificate of the server is refused', { code: 'CERT_HAS_EXPIRED' }, true],
    ['but for a connection that broke later', { code: 'ETIMEDOUT', syscall: 'read' }, false],
    ['but for a reason that is not known', { code: 'UND_ERR_SOCKET' }, false],
    ['but for several reasons, of which one is later', { errors: [unreachable, { syscall: 'read' }] }, false],
  ])('%s', (_, parts, expected) => {
    expect(failed(Object.assign(new Error('it broke'), parts))).toBe(expected);
  });
});

const NOTHING_ELSE = { reason: 'Forbidden', name: 'f5-tmm-1', causes: [], retryAfterSeconds: undefined };
