import { expect } from '@jest/globals';
import { type Kubelet, startKubelet } from '../../../sandbox/src/kubelet/start-kubelet.ts';
import { createRouters } from '../../../sandbox/src/zebos/routers.ts';
import { eventually } from '../zebos/eventually.ts';
import { type StandInApi, startStandInApi } from './stand-in-api.ts';

export const node = 'worker1.ocp.example.com';
export const namespace = 'spk-ingress';
export const pods = `/api/v1/namespaces/${namespace}/pods`;
const lookup = `/api/v1/namespaces/${namespace}/configmaps/spk-tor-bgp`;

export interface Setup {
  api: StandInApi;
  kubelet: Kubelet;
  stop(): Promise<void>;
}

export async function startSetup(prepare: (api: StandInApi) => void = () => undefined): Promise<Setup> {
  const api = await startStandInApi();
  prepare(api);
  const kubelet = await startKubelet({
    api: { url: api.url },
    nodes: [
      { name: node, labels: { rack: 'a' } },
      {
        name: 'master1.ocp.example.com',
        taints: [{ key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }],
      },
    ],
    port: 0,
    scheme: 'http',
    routing: {
      config: { asn: 64443, neighbors: [{ nodeLookup: 'spk-tor-bgp', asn: 3535, acceptsIPv4: true }] },
      container: 'f5-tmm-routing',
      selector: { app: 'f5-tmm' },
    },
    routers: createRouters(),
    startDelayMs: 5,
    readyDelayMs: 5,
  });
  return {
    api,
    kubelet,
    async stop() {
      await kubelet.stop();
      await api.close();
    },
  };
}

export function map(api: StandInApi, peers: string): void {
  api.put(lookup, { metadata: { name: 'spk-tor-bgp' }, data: { [node]: peers } });
}

export interface PodDifferences {
  annotations?: object;
  spec?: object;
  nodeName?: string;
  deletionTimestamp?: string;
}

/** A TMM pod that the scheduler has just bound to worker1. */
export function tmmPod(name: string, more: PodDifferences = {}): object {
  return {
    metadata: {
      name,
      namespace,
      uid: `uid-of-${name}`,
      labels: { app: 'f5-tmm' },
      annotations: more.annotations ?? {},
      deletionTimestamp: more.deletionTimestamp ?? null,
    },
    spec: {
      nodeName: more.nodeName ?? node,
      containers: [
        { name: 'f5-tmm', image: 'tmm:1' },
        { name: 'f5-tmm-routing', image: 'routing:1' },
      ],
      ...more.spec,
    },
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'True' }] },
  };
}

export function condition(type: string, status: string): object {
  return expect.objectContaining({ type, status });
}

export async function untilReady(api: StandInApi, name: string): Promise<void> {
  await eventually(() =>
    expect(api.get(`${pods}/${name}`)).toMatchObject({
      status: { phase: 'Running', conditions: expect.arrayContaining([condition('Ready', 'True')]) },
    }),
  );
}
