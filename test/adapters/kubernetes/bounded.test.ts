import { expect, test } from '@jest/globals';
import { KubeConfig } from '@kubernetes/client-node';
import { bounded, endedEffect } from '../../../src/adapters/kubernetes/open-cluster.ts';
import { targetApi } from '../../../src/adapters/kubernetes/target-api.ts';
import type { EvictOutcome } from '../../../src/ports/cluster.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';

const NEVER = new Promise<EvictOutcome>(() => undefined);
const config = new KubeConfig();
config.loadFromClusterAndUser(
  { name: 'c', server: 'http://127.0.0.1:1', skipTLSVerify: true },
  { name: 'u' },
);
const api = targetApi(TARGET, config);

test('an effect whose credentials do not come ends as soon as somebody says stop, and nothing goes out any more', async () => {
  const stop = new AbortController();
  let outgoing: AbortSignal | undefined;
  const outcome = bounded<EvictOutcome>(
    api,
    60_000,
    async ({ call }) => {
      outgoing = call.signal;
      return NEVER;
    },
    endedEffect,
    { signal: stop.signal, holds: () => true },
  );
  stop.abort();
  expect(await outcome).toMatchObject({
    kind: 'refused',
    refusal: {
      reasonCode: 'cluster_unreachable',
      sentence: 'Nothing was sent: somebody stopped the change first.',
    },
  });
  expect(outgoing?.aborted).toBe(true);
});

test('an effect that went out is waited for, whatever anybody says', async () => {
  const stop = new AbortController();
  const answer = new AbortController();
  const outcome = bounded<EvictOutcome>(
    api,
    60_000,
    ({ call }) => {
      call.unansweredEffects += 1;
      return new Promise((resolve) => {
        answer.signal.onabort = () => resolve({ kind: 'accepted' });
      });
    },
    endedEffect,
    { signal: stop.signal, holds: () => true },
  );
  stop.abort();
  answer.abort();
  expect(await outcome).toEqual({ kind: 'accepted' });
});
