import { afterEach, expect, test } from '@jest/globals';
import { eventually } from '../zebos/eventually.ts';
import { execDirectly } from './exec-directly.ts';
import {
  condition,
  map,
  namespace,
  node,
  pods,
  type Setup,
  startSetup,
  tmmPod,
  untilReady,
} from './kubelet-setup.ts';
import type { StandInApi } from './stand-in-api.ts';

let setup: Setup;
afterEach(() => setup.stop());
const start = async (prepare?: (api: StandInApi) => void): Promise<StandInApi> => {
  setup = await startSetup(prepare);
  return setup.api;
};
const runningConfig = async (pod: string): Promise<string> => {
  const command = ['imish', '-e', 'show running-config'];
  return (await execDirectly(setup.kubelet.port, `${namespace}/${pod}/f5-tmm-routing`, command)).stdout;
};

test('nodes are registered as Ready, with the way to their exec, and without the not-ready taint', async () => {
  const taints = [
    { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' },
    { key: 'rack', value: 'a', effect: 'NoSchedule' },
  ];
  const api = await start((before) => {
    before.put(`/api/v1/nodes/${node}`, {
      metadata: { name: node, labels: { kept: 'yes' } },
      spec: { taints },
    });
  });
  expect(api.get(`/api/v1/nodes/${node}`)).toMatchObject({
    metadata: { labels: { kept: 'yes', rack: 'a', 'node-role.kubernetes.io/worker': '' } },
    spec: { taints: [{ key: 'rack', value: 'a', effect: 'NoSchedule' }] },
    status: {
      addresses: [
        { type: 'InternalIP', address: '127.0.0.1' },
        { type: 'Hostname', address: node },
      ],
      daemonEndpoints: { kubeletEndpoint: { Port: setup.kubelet.port } },
      conditions: expect.arrayContaining([condition('Ready', 'True')]),
    },
  });
  const master = api.get('/api/v1/nodes/master1.ocp.example.com');
  expect(master).toHaveProperty(
    'metadata.labels',
    expect.objectContaining({ 'node-role.kubernetes.io/master': '' }),
  );
  expect(master).not.toHaveProperty(['metadata', 'labels', 'node-role.kubernetes.io/worker']);
});

test('a pod bound to a node runs and becomes Ready, readiness gates included', async () => {
  const api = await start();
  const readinessGates = [{ conditionType: 'RoutingDone' }];
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1', { spec: { readinessGates } }));
  api.put(`${pods}/elsewhere`, tmmPod('elsewhere', { nodeName: 'somebody-elses-node' }));
  await untilReady(api, 'tmm-1');
  expect(api.get(`${pods}/tmm-1`)).toMatchObject({
    status: {
      podIP: '10.244.1.2',
      conditions: expect.arrayContaining([
        condition('RoutingDone', 'True'),
        condition('ContainersReady', 'True'),
      ]),
      containerStatuses: [
        { name: 'f5-tmm', ready: true, restartCount: 0, state: { running: {} } },
        { name: 'f5-tmm-routing', ready: true },
      ],
    },
  });
  expect(api.get(`${pods}/elsewhere`)).toMatchObject({ status: { phase: 'Pending' } });
});

test('a TMM reads the mapping of its node when it starts, and never again', async () => {
  const api = await start((before) => map(before, ' "10.20.1.1";10.20.1.2\n2001:DB8:20:1::1 '));
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1'));
  await untilReady(api, 'tmm-1');
  map(api, '10.20.1.9');
  api.put(`${pods}/tmm-2`, tmmPod('tmm-2'));
  await untilReady(api, 'tmm-2');
  const before = await runningConfig('tmm-1');
  expect(before).toContain(' neighbor 10.20.1.1 peer-group spk-peers\n');
  expect(before).toContain(' neighbor 10.20.1.2 peer-group spk-peers\n');
  expect(before).toContain(' neighbor 2001:db8:20:1::1 peer-group spk-peers\n');
  expect(before).not.toContain('10.20.1.9');
  expect(await runningConfig('tmm-2')).toContain(' neighbor 10.20.1.9 peer-group spk-peers\n');
});

test('a TMM without a mapping runs with no peers', async () => {
  const api = await start();
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1'));
  await untilReady(api, 'tmm-1');
  expect(await runningConfig('tmm-1')).not.toMatch(/neighbor \S+ peer-group spk-peers/);
});

test('a pod that is being deleted is stopped, and its deletion is confirmed for that very pod', async () => {
  const api = await start();
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1'));
  await untilReady(api, 'tmm-1');
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1', { deletionTimestamp: '2026-01-01T00:00:00Z' }));
  await eventually(() => expect(api.get(`${pods}/tmm-1`)).toBeUndefined());
  expect(api.requests.filter(({ method }) => method === 'DELETE')).toEqual([
    {
      method: 'DELETE',
      path: `${pods}/tmm-1`,
      body: { gracePeriodSeconds: 0, preconditions: { uid: 'uid-of-tmm-1' } },
    },
  ]);
  await expect(runningConfig('tmm-1')).rejects.toThrow('exec refused: 404');
});

test.each(['reset', 'expired'] as const)('pods are followed on after a watch was %s', async (how) => {
  const api = await start();
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1'));
  await untilReady(api, 'tmm-1');
  api.silently(() => {
    api.remove(`${pods}/tmm-1`);
    api.put(`${pods}/tmm-2`, tmmPod('tmm-2'));
  });
  api.breakWatches(how);
  await untilReady(api, 'tmm-2');
  await expect(runningConfig('tmm-1')).rejects.toThrow('exec refused: 404');
});

test('an API that fails for a while is asked again', async () => {
  const api = await start();
  api.failNext(2);
  api.put(`${pods}/tmm-1`, tmmPod('tmm-1'));
  await untilReady(api, 'tmm-1');
});

test('annotations make a pod that never is Ready, and one that crashes', async () => {
  const api = await start();
  api.put(`${pods}/slow`, tmmPod('slow', { annotations: { 'sandbox/never-ready': 'true' } }));
  api.put(`${pods}/broken`, tmmPod('broken', { annotations: { 'sandbox/crash': 'f5-tmm-routing' } }));
  await eventually(() => {
    expect(api.get(`${pods}/slow`)).toMatchObject({
      status: { phase: 'Running', conditions: expect.arrayContaining([condition('Ready', 'False')]) },
    });
    expect(api.get(`${pods}/broken`)).toMatchObject({
      status: {
        containerStatuses: [
          { name: 'f5-tmm', ready: true },
          { name: 'f5-tmm-routing', ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } } },
        ],
      },
    });
  });
  await expect(runningConfig('broken')).rejects.toThrow('exec refused: 404');
});

test('a pod that was already on its way out when the kubelet came is seen off', async () => {
  const api = await start((before) => {
    before.put(`${pods}/tmm-1`, tmmPod('tmm-1', { deletionTimestamp: '2026-01-01T00:00:00Z' }));
  });
  await eventually(() => expect(api.get(`${pods}/tmm-1`)).toBeUndefined());
  expect(api.requests.filter(({ path }) => path === `${pods}/tmm-1/status`)).toEqual([]);
});
