import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { reflect } from '../../../src/adapters/kubernetes/list-watch.ts';
import { kubeConfigFrom } from '../../cluster/cluster-under-test.ts';
import { eventually } from '../../sandbox/zebos/eventually.ts';
import { type PlainApi, startPlainApi } from './plain-api.ts';

let api: PlainApi;
beforeAll(async () => {
  api = await startPlainApi();
});
afterAll(async () => api?.stop());

test('without the right to watch, everything is listed again at growing intervals', async () => {
  api.watchesRefused = 403;
  const listedAtMs: number[] = [];
  const errors: unknown[] = [];
  const reflector = reflect(
    {
      path: '/api/v1/nodes',
      query: {},
      list: async () => {
        listedAtMs.push(Date.now());
        return { items: [], metadata: { resourceVersion: '1' } };
      },
      read: (object) => object,
      store: { replace: () => undefined, put: () => undefined, remove: () => undefined },
    },
    {
      kubeConfig: kubeConfigFrom(api.kubeconfig),
      clusterUid: async () => 'cluster-1',
      onChange: () => undefined,
      onError: (error) => errors.push(error),
    },
  );
  try {
    await eventually(() => expect(listedAtMs.length).toBeGreaterThanOrEqual(5));
  } finally {
    reflector.stop();
  }
  const [, , , fourth = 0, fifth = 0] = listedAtMs;
  // The pause after the fourth list is half of 1,600 ms at least; without growth it is 200 ms at most.
  expect(fifth - fourth).toBeGreaterThanOrEqual(780);
  expect(errors).not.toEqual([]);
});
