import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { AppsV1Api, CoreV1Api, KubeConfig, PolicyV1Api, type V1Pod } from '@kubernetes/client-node';
import { connectKubeApi } from '../../../sandbox/src/kubelet/kube-api.ts';
import { type Kubelet, startKubelet } from '../../../sandbox/src/kubelet/start-kubelet.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';
import { execIn } from '../../sandbox/kubelet/exec-in.ts';
import { eventually } from '../../sandbox/zebos/eventually.ts';
import { type ControlPlane, startControlPlane } from './start-control-plane.ts';
import { tmmDeployment } from './tmm-workload.ts';

const assets = process.env.KUBEBUILDER_ASSETS;
const namespace = 'spk-ingress';
const nodes = [1, 2, 3, 4].map((n) => ({ name: `worker${n}.ocp.example.com` }));

(assets === undefined ? describe.skip : describe)('on a real control plane', () => {
  const kubeConfig = new KubeConfig();
  const routers = createRouters();
  let controlPlane: ControlPlane;
  let kubelet: Kubelet;
  let core: CoreV1Api;

  beforeAll(async () => {
    controlPlane = await startControlPlane({ assets: assets ?? '', users: [{ name: 'stranger' }] });
    kubelet = await startKubelet({
      api: { url: controlPlane.url, token: controlPlane.adminToken, insecure: true },
      nodes,
      port: 0,
      scheme: 'https',
      routing: {
        config: {
          asn: 64443,
          neighbors: [{ nodeLookup: 'spk-tor-bgp', asn: 3535, ebgpMultihop: 100, acceptsIPv4: true }],
        },
        container: 'f5-tmm-routing',
        selector: { app: 'f5-tmm' },
      },
      routers,
    });
    kubeConfig.loadFromString(controlPlane.kubeconfig());
    core = kubeConfig.makeApiClient(CoreV1Api);
    await core.createNamespace({ body: { metadata: { name: namespace } } });
    const data = Object.fromEntries(nodes.map(({ name }, index) => [name, `10.20.${index + 1}.1`]));
    await core.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'spk-tor-bgp' }, data } });
    const apps = kubeConfig.makeApiClient(AppsV1Api);
    await apps.createNamespacedDeployment({ namespace, body: tmmDeployment(namespace, 3) });
  }, 120_000);

  afterAll(async () => {
    await kubelet?.stop();
    await controlPlane?.stop();
  });

  const readyPods = async (count: number): Promise<V1Pod[]> =>
    eventually(async () => {
      const { items } = await core.listNamespacedPod({ namespace, labelSelector: 'app=f5-tmm' });
      const ready = items.filter(({ status }) =>
        status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'),
      );
      expect(ready.map(({ status }) => status?.phase)).toEqual(Array(count).fill('Running'));
      return ready;
    });

  test('a Deployment of three TMMs gets three Ready pods on three nodes, each with its own peer', async () => {
    for (const pod of await readyPods(3)) {
      const node = pod.spec?.nodeName ?? '';
      const peer = `10.20.${nodes.findIndex(({ name }) => name === node) + 1}.1`;
      const name = pod.metadata?.name ?? '';
      const command = ['imish', '-e', 'show running-config'];
      const { stdout, status } = await execIn(
        kubeConfig,
        { namespace, name, container: 'f5-tmm-routing' },
        command,
      );
      expect(status?.status).toBe('Success');
      expect(stdout).toContain(` neighbor ${peer} peer-group spk-peers\n`);
      expect(stdout).toContain(` bgp router-id ${pod.status?.podIP}\n`);
    }
  });

  test('an evicted TMM is replaced by another, elsewhere or there, and its deletion is confirmed', async () => {
    const [victim] = await readyPods(3);
    const name = victim?.metadata?.name ?? '';
    const api = connectKubeApi({ url: controlPlane.url, token: controlPlane.adminToken, insecure: true });
    const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
    await api.call('POST', path, {
      apiVersion: 'policy/v1beta1',
      kind: 'Eviction',
      metadata: { name, namespace },
      deleteOptions: { preconditions: { uid: victim?.metadata?.uid } },
    });
    await api.close();
    await eventually(async () => {
      const names = (await readyPods(3)).map(({ metadata }) => metadata?.name);
      expect(names).not.toContain(name);
    });
    await expect(core.readNamespacedPod({ namespace, name })).rejects.toMatchObject({ code: 404 });
  });

  test('kubectl sees Ready nodes and runs imish in a pod', async () => {
    const kubectl = async (...args: string[]): Promise<string> => {
      const file = await controlPlane.kubeconfigFile();
      const run = promisify(execFile);
      return (await run(join(assets ?? '', 'kubectl'), ['--kubeconfig', file, ...args])).stdout;
    };
    const [pod] = await readyPods(3);
    const inPod = ['-n', namespace, `pod/${pod?.metadata?.name}`, '-c', 'f5-tmm-routing'];
    expect(await kubectl('get', 'nodes')).toMatch(/worker1\.ocp\.example\.com +Ready +worker/);
    await eventually(async () => {
      const summary = await kubectl('exec', ...inPod, '--', 'imish', '-e', 'show bgp summary');
      expect(summary).toContain('Total number of Established sessions 1\n');
    });
    await expect(kubectl('exec', ...inPod, '--', 'sh', '-c', 'id')).rejects.toThrow(
      'exec: "sh": executable file not found in $PATH',
    );
  });

  test('a user without rights may read nothing', async () => {
    const stranger = new KubeConfig();
    stranger.loadFromString(controlPlane.kubeconfig(controlPlane.tokens.stranger));
    const attempt = stranger.makeApiClient(PolicyV1Api).listNamespacedPodDisruptionBudget({ namespace });
    await expect(attempt).rejects.toMatchObject({ code: 403 });
  });
});
