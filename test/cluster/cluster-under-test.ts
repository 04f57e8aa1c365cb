import { execFile } from 'node:child_process';
import { copyFile, cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { CoreV1Api, KubeConfig, KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import { startKubelet } from '../../sandbox/src/kubelet/start-kubelet.ts';
import { SANDBOX_BGP } from '../../sandbox/src/sandbox-policy.ts';
import { NAMESPACE, NODES, SEED } from '../../sandbox/src/seed-cluster.ts';
import { createRouters, type Routers } from '../../sandbox/src/zebos/routers.ts';
import { startControlPlane } from './control-plane/start-control-plane.ts';

/** The same world on the sandbox's API server, or on a real one where KUBEBUILDER_ASSETS names it. */
export interface ClusterUnderTest {
  readonly kind: 'sandbox' | 'kube-apiserver';
  /** As whom tests prepare and look. */
  readonly adminKubeconfig: string;
  /** As whom the bot works: on a real server the service account of deploy/, with deploy/role.yaml and nothing more. */
  readonly botKubeconfig: string;
  readonly routers: Routers;
  stop(): Promise<void>;
}

const assets = process.env.KUBEBUILDER_ASSETS;

/** Names in the report on what the suite runs. */
export const clusterKind: ClusterUnderTest['kind'] = assets === undefined ? 'sandbox' : 'kube-apiserver';

export async function startClusterUnderTest(seed: readonly object[] = SEED): Promise<ClusterUnderTest> {
  const routers = createRouters();
  return assets === undefined ? startSandboxCluster(routers, seed) : startRealCluster(assets, routers, seed);
}

async function startSandboxCluster(routers: Routers, seed: readonly object[]): Promise<ClusterUnderTest> {
  const { startCluster } = await import('../../sandbox/src/start-cluster.ts');
  const cluster = await startCluster({ port: 0, routers, seed });
  const { kubeconfig } = cluster;
  await cordonWorker4(kubeConfigFrom(kubeconfig));
  return {
    kind: 'sandbox',
    adminKubeconfig: kubeconfig,
    botKubeconfig: kubeconfig,
    routers,
    stop: cluster.stop,
  };
}

const BOT = 'system:serviceaccount:tor-bgp-bot:tor-bgp-bot';

async function startRealCluster(
  folder: string,
  routers: Routers,
  seed: readonly object[],
): Promise<ClusterUnderTest> {
  const plane = await startControlPlane({
    assets: folder,
    users: [{ name: BOT, groups: ['system:serviceaccounts', 'system:authenticated'] }],
  });
  const kubelet = await startKubelet({
    api: { url: plane.url, token: plane.adminToken, insecure: true },
    nodes: NODES,
    port: 0,
    scheme: 'https',
    routing: { config: SANDBOX_BGP, container: 'f5-tmm-routing', selector: { app: 'f5-tmm' } },
    routers,
  });
  const config = kubeConfigFrom(plane.kubeconfig());
  await cordonWorker4(config);
  const objects = KubernetesObjectApi.makeApiClient(config);
  for (const object of seed) await objects.create(object);
  await install(join(folder, 'kubectl'), await plane.kubeconfigFile());
  return {
    kind: 'kube-apiserver',
    adminKubeconfig: plane.kubeconfig(),
    botKubeconfig: plane.kubeconfig(plane.tokens[BOT]),
    routers,
    async stop() {
      await kubelet.stop();
      await plane.stop();
    },
  };
}

/** Keeps new TMM pods off worker4, which no lookup maps: a scheduler may choose any node that is free. */
async function cordonWorker4(config: KubeConfig): Promise<void> {
  const cordon = [{ op: 'add', path: '/spec/unschedulable', value: true }];
  await config.makeApiClient(CoreV1Api).patchNode({ name: 'worker4.rack.example.com', body: cordon });
}

/** What the sandbox begins with, and at most one TMM pod on each node. */
export function oneTmmPerNode(): readonly object[] {
  return SEED.map(onePerNode);
}

/**
 * TMM pods of a Deployment with at most one on each node: a real scheduler would else choose any node for a new pod while
 * the old one still ends on its own.
 */
function onePerNode(object: object): object {
  const { kind, spec } = deploymentSchema.parse(object);
  if (kind !== 'Deployment' || spec === undefined) return object;
  const { template } = spec;
  const term = { labelSelector: { matchLabels: { app: 'f5-tmm' } }, topologyKey: 'kubernetes.io/hostname' };
  const affinity = { podAntiAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [term] } };
  return { ...object, spec: { ...spec, template: { ...template, spec: { ...template.spec, affinity } } } };
}

const deploymentSchema = z.looseObject({
  kind: z.string().optional(),
  spec: z
    .looseObject({ template: z.looseObject({ spec: z.looseObject({}).optional() }) })
    .optional()
    .catch(undefined),
});

/** As docs/installing.md says, with the example as the policy, and with its changes for a server before 1.21. */
async function install(kubectl: string, kubeconfig: string): Promise<void> {
  const deploy = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-deploy-'));
  try {
    await cp(fileURLToPath(new URL('../../deploy', import.meta.url)), deploy, { recursive: true });
    await copyFile(join(deploy, 'policy.example.yaml'), join(deploy, 'policy.yaml'));
    const run = (...args: string[]) => promisify(execFile)(kubectl, ['--kubeconfig', kubeconfig, ...args]);
    const { stdout: versions } = await run('api-versions');
    if (!versions.split('\n').includes('policy/v1')) {
      const budget = join(deploy, 'pod-disruption-budget.yaml');
      await writeFile(budget, (await readFile(budget, 'utf8')).replace('policy/v1\n', 'policy/v1beta1\n'));
    }
    // The bot runs beside the cluster: pods of its own would take places, and TMM pods would not come back to theirs.
    const deployment = join(deploy, 'deployment.yaml');
    await writeFile(deployment, (await readFile(deployment, 'utf8')).replace('replicas: 2', 'replicas: 0'));
    await run('apply', '-k', deploy);
  } finally {
    await rm(deploy, { recursive: true, force: true });
  }
}

export function kubeConfigFrom(text: string): KubeConfig {
  const config = new KubeConfig();
  config.loadFromString(text);
  return config;
}

export function coreOf(text: string): CoreV1Api {
  return kubeConfigFrom(text).makeApiClient(CoreV1Api);
}

export { NAMESPACE };
