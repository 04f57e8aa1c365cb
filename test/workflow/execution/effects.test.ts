import { beforeEach, describe, expect, test } from '@jest/globals';
import { refuse } from '../../../src/domain/refusal.ts';
import type { EvictOutcome, WriteOutcome } from '../../../src/ports/cluster.ts';
import { deleteEffect, evictEffect, writeEffect } from '../../../src/workflow/execution/effects.ts';
import type { Attempt } from '../../../src/workflow/execution/guarded-step.ts';
import type { Run } from '../../../src/workflow/execution/run.ts';
import { aChange } from '../../contracts/a-stored-change.ts';
import { anInspection, aPod, TARGET } from '../../domain/checks/an-inspection.ts';
import { aSite, manyNodes, ROTATE, rotation, type Site } from './a-site.ts';

const POD = { name: 'tmm-1', uid: 'tmm-1', node: 'worker1' };
const ELSEWHERE = { ...TARGET, tmm: { ...TARGET.tmm, namespace: 'spk-tmm' } };
const UNREACHABLE = refuse('cluster_unreachable', 'It does not answer.', 'Look at it.');
const FORBIDDEN = refuse('cluster_forbidden', 'The bot may not.', 'Grant it.');
const PERMIT = { signal: new AbortController().signal, holds: () => true };

let site: Site;
let run: Run;
beforeEach(() => {
  site = aSite();
  run = {
    change: () => aChange('BGP-1'),
    target: TARGET,
    cluster: site.rack,
    clock: site.clock,
    signal: PERMIT.signal,
    assertLease: unused,
    holdsLease: unused,
    recordsSince: unused,
    commit: unused,
    anchor: async () => ({ seq: 7, hash: 'h' }),
    sayProgress: unused,
    stoppedByPeople: unused,
    unlessStopped: unused,
    whenStopped: unused,
    rest: unused,
  };
});

function unused(): never {
  throw new Error('one call to the cluster has no use for this');
}

const unknown = (sentence: string, look: string): Attempt => ({
  kind: 'not answered',
  why: 'The line broke.',
  unknown: {
    kind: 'halt',
    state: 'outcome_unknown',
    reasonCode: 'outcome_unknown',
    sentence,
    next: `Look at it: ${look}`,
  },
});
const halted = (sentence: string): Attempt => ({
  kind: 'halt',
  state: 'halted',
  reasonCode: 'cluster_forbidden',
  sentence,
  next: 'Grant it.',
});

describe('the write of a mapping', () => {
  const plan = { cluster: { uid: 'k', tmm: TARGET.tmm, lookups: { tor: 'uid-of-tor' } } };
  const effect = writeEffect(ROTATE, plan, TARGET);

  test('says what it is about, what it writes, and what it found', () => {
    expect(effect).toMatchObject({
      step: { kind: 'write', lookup: 'tor', node: 'worker1' },
      doing: 'Writing worker1 in tor',
      found: { byThis: 'written', byOthers: 'already so' },
    });
    expect(effect.details(undefined)).toEqual({ before: '10.20.1.1', after: '10.20.1.9' });
    const removal = writeEffect(rotation('worker1', '10.20.1.1', null), plan, TARGET);
    expect(removal.found.byThis).toBe('removed');
  });

  test.each<[WriteOutcome, Attempt]>([
    [{ kind: 'written' }, { kind: 'done' }],
    [{ kind: 'already' }, { kind: 'done already' }],
    [
      { kind: 'refused', refusal: UNREACHABLE },
      { kind: 'not sent', refusal: UNREACHABLE },
    ],
    [{ kind: 'refused', refusal: FORBIDDEN }, halted('Writing worker1 in tor: The bot may not.')],
    [
      { kind: 'unknown', why: 'The line broke.' },
      unknown(
        'Whether worker1 was written in tor is unknown: The line broke.',
        'kubectl get configmap tor -n spk-ingress -o yaml',
      ),
    ],
  ])('%j comes to %j', async (outcome, attempt) => {
    site.rack.write = async () => outcome;
    expect(await effect.act(run, PERMIT)).toEqual(attempt);
  });

  test('of a key that holds something else halts', async () => {
    site.rack.write = async () => ({ kind: 'differs', actual: '10.20.1.5' });
    expect(await effect.act(run, PERMIT)).toMatchObject({
      kind: 'halt',
      reasonCode: 'mapping_changed_meanwhile',
    });
  });

  test('names the ConfigMap that was approved, notes the newest record, and is given the signal to stop', async () => {
    const given: unknown[] = [];
    site.rack.write = async (...args) => {
      given.push(...args);
      return { kind: 'written' };
    };
    await effect.act(run, PERMIT);
    expect(given).toEqual([{ ...ROTATE, lookupUid: 'uid-of-tor' }, { seq: 7, hash: 'h' }, PERMIT]);
  });

  test('is done where the key holds what was approved', () => {
    const holding = (value: string) => anInspection([], { mapping: { worker1: value } });
    expect([holding('10.20.1.9'), holding('10.20.1.1')].map(effect.isDone)).toEqual([true, false]);
  });
});

describe.each([
  ['eviction', evictEffect, 'evict', 'Evicting', 'evicted'],
  ['deletion', deleteEffect, 'remove', 'Deleting', 'deleted'],
] as const)('the %s of a pod', (_, effectOf, operation, doing, done) => {
  const effect = effectOf(POD, ELSEWHERE);

  test('says which pod goes, and what it found', () => {
    expect(effect).toMatchObject({
      step: { kind: 'evict', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' },
      check: { step: { kind: 'check', node: 'worker1', pod: 'tmm-1', uid: 'tmm-1' } },
      evicts: { uid: 'tmm-1', node: 'worker1' },
      doing: `${doing} tmm-1`,
      found: { byThis: done, byOthers: 'gone already' },
    });
  });

  test.each<[EvictOutcome, Attempt]>([
    [{ kind: 'accepted' }, { kind: 'done' }],
    [{ kind: 'gone' }, { kind: 'done already' }],
    [
      { kind: 'blocked', why: 'budget x.' },
      { kind: 'blocked', why: 'budget x.' },
    ],
    [
      { kind: 'refused', refusal: UNREACHABLE },
      { kind: 'not sent', refusal: UNREACHABLE },
    ],
    [{ kind: 'refused', refusal: FORBIDDEN }, halted(`${doing} tmm-1: The bot may not.`)],
    [
      { kind: 'unknown', why: 'The line broke.' },
      unknown(
        `Whether tmm-1 was ${done} is unknown: The line broke.`,
        'kubectl get pods -n spk-tmm -l app=f5-tmm -o wide',
      ),
    ],
  ])('%j comes to %j', async (outcome, attempt) => {
    const given: unknown[] = [];
    const answer = async (...args: readonly unknown[]) => {
      given.push(...args);
      return outcome;
    };
    Object.assign(site.rack, { [operation]: answer });
    expect(await effect.act(run, PERMIT)).toEqual(attempt);
    expect(given).toEqual([{ namespace: 'spk-tmm', name: 'tmm-1', uid: 'tmm-1' }, PERMIT]);
  });

  test('is done once that pod is ending or gone, whoever is called like it', () => {
    const there = (more: Partial<ReturnType<typeof aPod>>) => anInspection([aPod('tmm-1', 'worker1', more)]);
    expect([there({}), there({ terminating: true }), there({ uid: 'another' })].map(effect.isDone)).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('finds who came in its place, and the node that has no TMM any more', () => {
    const before = { announced: {}, pods: ['tmm-1', 'tmm-2'] };
    const found = (...pods: Parameters<typeof anInspection>[0]) =>
      effect.check?.found(anInspection(pods), before);
    expect(found(aPod('tmm-3', 'worker1'), aPod('tmm-2', 'worker2'))).toBe('tmm-3 on worker1 Established');
    expect(found(aPod('tmm-2', 'worker2'))).toBe('no TMM on worker1');
    expect(found(aPod('tmm-3', 'worker3'))).toMatch(/^no TMM on worker1, tmm-3 on worker3/);
  });
});

test('the record of an eviction has what was there before, that of a deletion that all go at once', () => {
  const before = { announced: {}, pods: [] };
  expect(evictEffect(POD, TARGET).details(before)).toEqual({ before });
  expect(deleteEffect(POD, TARGET).details(before)).toEqual({ atOnce: true });
});

test('effects that happen at once each have a signal of their own: Node warns of a leak where more than ten listen to one', async () => {
  const pods = Array.from({ length: 12 }, (_, index) => ({
    name: `tmm-${index + 1}`,
    uid: `tmm-${index + 1}`,
  }));
  site = aSite(manyNodes(12));
  const stops = new Set<AbortSignal | undefined>();
  const { remove } = site.rack;
  site.rack.remove = async (pod, permit) => {
    stops.add(permit?.signal);
    return remove(pod);
  };
  const restarts = pods.map((pod, index) => ({ node: `worker${index + 1}`, pods: [pod] }));
  expect((await site.worker({ restarts, strategy: 'all at once' }).run()).state).toBe('succeeded');
  expect(stops.size).toBe(pods.length);
});
