import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { KubernetesObjectApi, PatchStrategy, type V1DaemonSet } from '@kubernetes/client-node';
import { startCluster } from '../../../sandbox/src/start-cluster.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';
import { type OpenCluster, openCluster } from '../../../src/adapters/kubernetes/open-cluster.ts';
import { olderTemplateOf } from '../../../src/domain/bgp/pod-template.ts';
import type { Workload } from '../../../src/domain/bgp/snapshot.ts';
import { isRefusal } from '../../../src/domain/refusal.ts';
import { kubeConfigFrom } from '../../cluster/cluster-under-test.ts';
import { sandboxTarget } from '../../cluster/target.ts';
import { eventually } from '../../sandbox/zebos/eventually.ts';

const NAME = { name: 'f5-tmm', namespace: 'spk-ingress' };

let started: Awaited<ReturnType<typeof startCluster>>;
let api: KubernetesObjectApi;
let cluster: OpenCluster;
beforeAll(async () => {
  started = await startCluster({ port: 0, routers: createRouters() });
  const kubeConfig = kubeConfigFrom(started.kubeconfig);
  api = KubernetesObjectApi.makeApiClient(kubeConfig);
  cluster = openCluster(sandboxTarget(), kubeConfig, () => undefined);
});
afterAll(async () => {
  cluster?.close();
  await started?.stop();
});

const changeTemplate = async (kind: string, spec: object = {}): Promise<void> => {
  const template = { metadata: { annotations: { 'example.com/changed': new Date().toISOString() } } };
  const change = { apiVersion: 'apps/v1', kind, metadata: NAME, spec: { template, ...spec } };
  await api.patch(change, undefined, undefined, undefined, undefined, PatchStrategy.MergePatch);
};

/** How many TMM pods run, and of how many it is told that their template is older, with what is told. */
const olderPods = async (): Promise<{ readonly running: number; readonly told: readonly string[] }> => {
  const state = await cluster.tmmState();
  if (isRefusal(state)) throw new Error(state.sentence);
  const running = state.pods.filter(({ phase, terminating }) => phase === 'Running' && !terminating);
  const told = running.flatMap((pod) => {
    const older = olderTemplateOf(state.workloads ?? [], pod);
    return older === undefined ? [] : [older.instead ?? older.why];
  });
  return { running: running.length, told };
};

const controllers = async (): Promise<readonly Workload[]> => {
  const state = await cluster.tmmState();
  if (isRefusal(state)) throw new Error(state.sentence);
  return state.workloads ?? [];
};

test('a paused Deployment keeps its pods at the older template, and the next rollout makes none of them older', async () => {
  await eventually(async () => expect(await olderPods()).toEqual({ running: 3, told: [] }));
  await changeTemplate('Deployment', { paused: true });
  await eventually(async () =>
    expect(await olderPods()).toEqual({
      running: 3,
      told: new Array(3).fill(
        expect.stringContaining('kubectl rollout resume deployment/f5-tmm -n spk-ingress'),
      ),
    }),
  );
  await changeTemplate('Deployment', { paused: false });
  await eventually(async () => expect(await olderPods()).toEqual({ running: 3, told: [] }));
});

test('the pods of a DaemonSet with OnDelete are older until they are deleted, one by one', async () => {
  await api.delete({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: NAME });
  await eventually(async () => expect((await olderPods()).running).toBe(0));
  const labels = { app: 'f5-tmm' };
  const containers = ['f5-tmm', 'f5-tmm-routing'].map((name) => ({ name, image: 'x' }));
  const daemonSet: V1DaemonSet = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: NAME,
    spec: {
      selector: { matchLabels: labels },
      updateStrategy: { type: 'OnDelete' },
      template: { metadata: { labels }, spec: { terminationGracePeriodSeconds: 1, containers } },
    },
  };
  await api.create(daemonSet);
  await eventually(async () => expect(await olderPods()).toMatchObject({ told: [] }));
  const running = await eventually(async () => {
    const { running } = await olderPods();
    expect(await controllers()).toMatchObject([{ desired: running, available: running }]);
    expect(running).toBeGreaterThan(2);
    return running;
  });
  await changeTemplate('DaemonSet');
  const why = 'it runs an older pod template than DaemonSet f5-tmm has';
  await eventually(async () => expect((await olderPods()).told).toEqual(new Array(running).fill(why)));
  const state = await cluster.tmmState();
  if (isRefusal(state)) throw new Error(state.sentence);
  const [first] = state.pods;
  if (first === undefined) throw new Error('there is no TMM pod');
  await cluster.remove(first);
  await eventually(async () =>
    expect(await olderPods()).toEqual({ running, told: new Array(running - 1).fill(why) }),
  );
});
