import { z } from 'zod';
import { isGone, type KubeApi, KubeApiError } from './kube-api.ts';

/** A node that this kubelet plays. */
export interface NodeSpec {
  name: string;
  labels?: Readonly<Record<string, string>> | undefined;
  taints?: readonly { key: string; value?: string; effect: string }[] | undefined;
}

const KUBELET_VERSION = 'v1.20.2';
const nodeSchema = z.looseObject({
  metadata: z.looseObject({ labels: z.record(z.string(), z.string()).nullish() }),
  spec: z
    .looseObject({ taints: z.array(z.looseObject({ key: z.string(), effect: z.string() })).nullish() })
    .nullish(),
});

/** Creates the Node, or takes over the one that is there, and reports it Ready. `port`: where exec is served. */
export async function registerNode(api: KubeApi, node: NodeSpec, port: number): Promise<void> {
  const path = nodePath(node);
  const labels = {
    'kubernetes.io/hostname': node.name,
    'kubernetes.io/os': 'linux',
    'kubernetes.io/arch': 'amd64',
    ...roles(node),
    ...node.labels,
  };
  try {
    await api.call('POST', '/api/v1/nodes', {
      apiVersion: 'v1',
      kind: 'Node',
      metadata: { name: node.name, labels },
      spec: { taints: node.taints ?? [] },
      status: nodeStatus(node, port),
    });
  } catch (error) {
    if (!(error instanceof KubeApiError && error.status === 409)) throw error;
    await api.call('PATCH', path, { metadata: { labels } });
  }
  await api.call('PATCH', `${path}/status`, { status: nodeStatus(node, port) });
  await removeNotReadyTaint(api, node);
}

/** Says once more that the node is alive; a node that somebody deleted stays deleted. */
export async function heartbeat(api: KubeApi, node: NodeSpec, port: number): Promise<void> {
  try {
    await api.call('PATCH', `${nodePath(node)}/status`, { status: nodeStatus(node, port) });
    await removeNotReadyTaint(api, node);
  } catch (error) {
    if (!isGone(error)) throw error;
  }
}

/** The role that a taint or a label names (a master, say); a plain node is a worker. */
function roles({ labels = {}, taints = [] }: NodeSpec): Record<string, string> {
  const isRole = (key: string): boolean => key.startsWith('node-role.kubernetes.io/');
  const tainted = taints.map(({ key }) => key).filter(isRole);
  if (tainted.length > 0) return Object.fromEntries(tainted.map((key) => [key, '']));
  return Object.keys(labels).some(isRole) ? {} : { 'node-role.kubernetes.io/worker': '' };
}

function nodePath({ name }: NodeSpec): string {
  return `/api/v1/nodes/${encodeURIComponent(name)}`;
}

/** Where no node controller runs, nobody else would take away the taint that admission put there. */
async function removeNotReadyTaint(api: KubeApi, node: NodeSpec): Promise<void> {
  const { spec } = nodeSchema.parse(await api.call('GET', nodePath(node)));
  const taints = spec?.taints ?? [];
  const others = taints.filter(({ key }) => key !== 'node.kubernetes.io/not-ready');
  if (others.length < taints.length) await api.call('PATCH', nodePath(node), { spec: { taints: others } });
}

function nodeStatus({ name }: NodeSpec, port: number): object {
  const now = `${new Date().toISOString().slice(0, 19)}Z`;
  const resources = { cpu: '16', memory: '64Gi', pods: '110', 'ephemeral-storage': '100Gi' };
  const condition = (type: string, status: string, reason: string) => ({
    type,
    status,
    reason,
    message: `the sandbox's kubelet reports ${reason}`,
    lastHeartbeatTime: now,
    lastTransitionTime: now,
  });
  return {
    capacity: resources,
    allocatable: resources,
    addresses: [
      { type: 'InternalIP', address: '127.0.0.1' },
      { type: 'Hostname', address: name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: port } },
    conditions: [
      condition('MemoryPressure', 'False', 'KubeletHasSufficientMemory'),
      condition('DiskPressure', 'False', 'KubeletHasNoDiskPressure'),
      condition('PIDPressure', 'False', 'KubeletHasSufficientPID'),
      condition('Ready', 'True', 'KubeletReady'),
    ],
    nodeInfo: {
      kubeletVersion: KUBELET_VERSION,
      kubeProxyVersion: KUBELET_VERSION,
      containerRuntimeVersion: 'sandbox://1.0',
      osImage: 'Sandbox Linux',
      kernelVersion: '5.10.0',
      operatingSystem: 'linux',
      architecture: 'amd64',
      machineID: name,
      systemUUID: name,
      bootID: name,
    },
  };
}
