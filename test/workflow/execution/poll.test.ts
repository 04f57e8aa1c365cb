import { beforeEach, expect, test } from '@jest/globals';
import type { Inspection } from '../../../src/domain/bgp/inspection.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import { fail, type Judgement, PASS, wait } from '../../../src/domain/checks/check.ts';
import { type Halt, isHalt } from '../../../src/workflow/execution/halt.ts';
import type { Condition } from '../../../src/workflow/execution/look.ts';
import { poll } from '../../../src/workflow/execution/poll.ts';
import type { Run } from '../../../src/workflow/execution/run.ts';
import { TARGET } from '../../domain/checks/an-inspection.ts';
import { aClock, aRack, type DrivenClock, type Rack } from './a-rack.ts';

let clock: DrivenClock;
let rack: Rack;
let said: string[];
let run: Run;
let stopped: () => Promise<Halt | undefined>;
beforeEach(() => {
  clock = aClock();
  rack = aRack(clock, { worker1: '10.20.1.1', worker2: '10.20.2.1' });
  said = [];
  stopped = async () => undefined;
  run = {
    change: unused,
    target: TARGET,
    cluster: rack,
    clock,
    signal: new AbortController().signal,
    assertLease: () => undefined,
    holdsLease: () => true,
    recordsSince: async () => [],
    commit: unused,
    anchor: unused,
    sayProgress: async (about) => void said.push(about),
    stoppedByPeople: unused,
    unlessStopped: async (work) => (await stopped()) ?? work(),
    whenStopped: unused,
    async rest(ms) {
      await clock.sleep(ms);
      return stopped();
    },
  };
});

function unused(): never {
  throw new Error('polling has no use for this');
}

const reads = (): number => rack.calls.filter((call) => call === 'read').length;
const waiting = wait('x', { reasonCode: 'session_down', sentence: 'x is down' });

/** A condition that says what `judge` says; those with one `bound` share its time. */
function condition(key: string, timeoutMs: number, judge: (inspection: Inspection) => Judgement): Condition {
  const [bound = key] = key.split(' ');
  return { key, bound: { key: bound, timeoutMs }, judge };
}

async function ended(conditions: readonly Condition[], readTimeoutMs = 5_000): Promise<Inspection | Halt> {
  const seen = await poll(run, () => conditions, readTimeoutMs);
  return isHalt(seen) ? seen : seen.inspection;
}

test('what holds in the watches’ copy alone is not believed', async () => {
  const copy = await rack.tmmState();
  rack.cachedSnapshot = () =>
    'kind' in copy
      ? undefined
      : snapshotOf({ clusterUid: 'uid-of-kube-system', target: 'rack', nodes: [], ...copy, pods: [] });
  clock.after(3_000, () => rack.pods.splice(0));
  const seen = await ended([condition('gone', 9_000, ({ pods }) => (pods.length === 0 ? PASS : waiting))]);
  expect(isHalt(seen)).toBe(false);
  expect(clock.monotonicMs()).toBeGreaterThanOrEqual(1_003_000);
});

test('what fails in the copy is read afresh before it halts', async () => {
  let looks = 0;
  const judge = (): Judgement => {
    looks += 1;
    if (looks === 1) return waiting;
    return looks === 2 ? fail({ reasonCode: 'wrong_peers', sentence: 'Wrong.' }) : PASS;
  };
  expect(isHalt(await ended([condition('once', 9_000, judge)]))).toBe(false);
  expect(looks).toBe(3);
});

test('a long wait reads afresh every twenty seconds, and once more before it halts', async () => {
  const readAtMs: number[] = [];
  rack.onCall = () => void readAtMs.push(clock.monotonicMs() - 1_000_000);
  const halted = await ended([condition('never', 25_000, () => waiting)]);
  expect(halted).toMatchObject({ reasonCode: 'session_down', sentence: 'x is down after 25 s.' });
  expect(readAtMs).toEqual([20_000, 25_000]);
});

test('a check that fails halts at once, in its own words', async () => {
  const traffic = 'No traffic.';
  const judge = () =>
    fail({ reasonCode: 'wrong_peers', sentence: 'Wrong.', traffic, next: 'Look.', hint: 'H.' });
  expect(await ended([condition('fails', 9_000, judge)])).toEqual({
    kind: 'halt',
    state: 'halted',
    reasonCode: 'wrong_peers',
    sentence: 'Wrong.',
    traffic,
    next: 'Look.',
    hint: 'H.',
  });
  expect(reads()).toBe(1);
});

test('conditions that share a bound share its time, others have their own', async () => {
  const until = (ms: number) => (): Judgement => (clock.monotonicMs() >= 1_000_000 + ms ? PASS : waiting);
  const shared = [condition('pods 1', 6_000, until(4_000)), condition('pods 2', 6_000, until(8_000))];
  expect(await ended(shared)).toMatchObject({ sentence: 'x is down after 6 s.' });
  clock = aClock();
  run = { ...run, clock, cluster: aRack(clock, {}) };
  const own = [condition('pods', 6_000, until(4_000)), condition('peers', 6_000, until(8_000))];
  expect(isHalt(await ended(own))).toBe(false);
});

test('conditions that held once have to hold in the look that ends it', async () => {
  let flaps = 0;
  const first = condition('first', 9_000, ({ pages }) => {
    if (pages.size === 0) return { kind: 'unread', pod: one(), pages: ['summary'] };
    flaps += 1;
    return flaps === 2 ? waiting : PASS;
  });
  const second = condition('second', 9_000, () => (clock.monotonicMs() > 1_001_000 ? PASS : waiting));
  const one = () => rack.pods[0] ?? unused();
  expect(isHalt(await ended([first, second]))).toBe(false);
  expect(flaps).toBeGreaterThan(2);
});

test('a page is asked for once in a look, whoever needs it', async () => {
  const needs = (key: string): Condition =>
    condition(key, 9_000, ({ pages }) => {
      const [pod] = rack.pods;
      return pod !== undefined && pages.get(pod.uid)?.config === undefined
        ? { kind: 'unread', pod, pages: ['config'] }
        : PASS;
    });
  await ended([needs('one'), needs('two')]);
  expect(rack.calls).toEqual(['show running-config of tmm-1', 'read']);
});

test('what can be judged without reading is judged first, so that a dead pod is not waited for as a silent one', async () => {
  let dead = false;
  const pods = condition('pods', 9_000, () =>
    dead ? wait('dead', { ...waiting, sentence: 'it is dead' }) : PASS,
  );
  const sessions = condition('sessions', 60_000, () => waiting);
  clock.after(2_000, () => {
    dead = true;
  });
  expect(await ended([pods, sessions])).toMatchObject({ sentence: 'it is dead after 9 s.' });
  expect(said).toContain('dead');
});

test('a pod that cannot be asked is not asked', async () => {
  const [pod] = rack.pods;
  if (pod === undefined) return unused();
  const pending = { ...pod, phase: 'Pending', notReadyReason: 'Unschedulable' };
  const judge = ({ pages }: Inspection): Judgement => {
    const config = pages.get(pod.uid)?.config;
    if (config === undefined) return { kind: 'unread', pod: pending, pages: ['config'] };
    return config.readable ? PASS : fail({ reasonCode: 'session_unknown', sentence: config.why });
  };
  expect(await ended([condition('asks', 9_000, judge)])).toMatchObject({
    sentence: 'tmm-1 is Unschedulable',
  });
  expect(rack.calls).toEqual(['read']);
});

test('what says when to look again is looked at then, and not before', async () => {
  const lookedAtMs: number[] = [];
  const judge = ({ pages }: Inspection): Judgement => {
    const [pod] = rack.pods;
    if (pod !== undefined && pages.size === 0) return { kind: 'unread', pod, pages: ['config'] };
    if (lookedAtMs.at(-1) !== clock.monotonicMs()) lookedAtMs.push(clock.monotonicMs());
    return lookedAtMs.length > 2 ? PASS : { ...waiting, againInMs: lookedAtMs.length === 1 ? 7_000 : 1 };
  };
  await ended([condition('later', 60_000, judge)]);
  expect(lookedAtMs).toEqual([1_000_000, 1_007_000, 1_010_000]);
});

const STOP: Halt = { kind: 'halt', state: 'halted', reasonCode: 'cancelled', sentence: 'Stopped.' };

test('a stop that is heard in a pause holds: nothing is looked at after it', async () => {
  rack.unreadable = 'The API server answers 503.';
  const answers = [undefined, STOP];
  stopped = async () => answers.shift();
  expect(await ended([condition('any', 60_000, () => PASS)])).toEqual(STOP);
  expect(reads()).toBe(1);
});

test('somebody who stops it is heard at each look', async () => {
  stopped = async () => (clock.monotonicMs() >= 1_002_000 ? STOP : undefined);
  expect(await poll(run, () => [condition('never', 60_000, () => waiting)], 5_000)).toEqual(STOP);
  expect(clock.monotonicMs()).toBeLessThan(1_004_000);
});

test('a cluster that cannot be read before anything was judged has a bound of its own', async () => {
  rack.unreadable = 'The API server answers 503.';
  rack.watched = false;
  expect(await ended([condition('any', 60_000, () => PASS)], 3_000)).toMatchObject({
    reasonCode: 'cluster_unreachable',
    next: 'Look at it.',
  });
  expect(clock.monotonicMs()).toBeLessThan(1_006_000);
});

test('the pauses between looks that ask pods grow while the same is seen, up to the hold time, and are short again after news', async () => {
  const looksAtMs = async (holdTimeMs: number): Promise<readonly number[]> => {
    const atMs: number[] = [];
    run = { ...run, target: { ...TARGET, timeouts: { ...TARGET.timeouts, holdTimeMs } } };
    const startedAtMs = clock.monotonicMs();
    const judge = ({ pages }: Inspection): Judgement => {
      const [pod] = rack.pods;
      if (pod !== undefined && pages.size === 0) return { kind: 'unread', pod, pages: ['config'] };
      const passedMs = clock.monotonicMs() - startedAtMs;
      if (atMs.at(-1) !== passedMs) atMs.push(passedMs);
      if (atMs.length > 6) return PASS;
      return wait(atMs.length > 4 ? 'news' : 'x', { reasonCode: 'session_down', sentence: 'x is down' });
    };
    await ended([condition('later', 60_000, judge)]);
    return atMs;
  };
  expect(await looksAtMs(4_000)).toEqual([0, 2_000, 5_000, 9_000, 13_000, 15_000, 18_000]);
  expect(await looksAtMs(60_000)).toEqual([0, 2_000, 5_000, 9_500, 16_250, 18_250, 21_250]);
  expect(await looksAtMs(0)).toEqual([0, 2_000, 4_000, 6_000, 8_000, 10_000, 12_000]);
});

test('what is waited for is said with how long it has been so, of how long it may', async () => {
  const words: string[] = [];
  run = { ...run, sayProgress: async (_, progress) => void words.push(progress) };
  await ended([condition('never', 1_000, () => waiting)]);
  expect([words[0], words.at(-1)]).toEqual(['x is down, 0 s of 1 s', 'x is down, 1 s of 1 s']);
});

test('what halts is told with the pages that its hint can use', async () => {
  const pod = rack.pods[0] ?? unused();
  const tellWith = { kind: 'unread', pod, pages: ['neighbors'] } as const;
  const judge = ({ pages }: Inspection): Judgement =>
    pages.get(pod.uid)?.neighbors === undefined
      ? { ...waiting, tellWith }
      : { ...waiting, hint: 'No notification was seen.' };
  expect(await ended([condition('never', 1_000, judge)])).toMatchObject({
    hint: 'No notification was seen.',
  });
  expect(rack.calls).toEqual(['read', 'show bgp neighbors of tmm-1']);
});

test('what holds once its hint was read is told as it was seen', async () => {
  const pod = rack.pods[0] ?? unused();
  const tellWith = { kind: 'unread', pod, pages: ['neighbors'] } as const;
  const judge = ({ pages }: Inspection): Judgement => (pages.size === 0 ? { ...waiting, tellWith } : PASS);
  expect(await ended([condition('never', 1_000, judge)])).toMatchObject({ sentence: 'x is down after 1 s.' });
});

test('time that is up in the watches’ copy alone halts nothing before the cluster was read', async () => {
  let judged = 0;
  const seen = await ended([condition('x', 0, () => (++judged === 1 ? waiting : PASS))]);
  expect(isHalt(seen)).toBe(false);
  expect(reads()).toBe(1);
});
