import { setTimeout as sleep } from 'node:timers/promises';
import type { Interference } from '../../sandbox/src/kubernetes/server/interference.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Fault } from './faulted-run.ts';
import { MOVING_WORLD } from './moving-world.ts';
import { isStep, type World } from './world.ts';

const CONFIG_MAP = /\/configmaps\/spk-tor-bgp$/;
const EVICTION = /\/eviction$/;

/** Every journal step, by the record that tells of it. */
const STEPS: readonly (readonly [string, (record: AuditRecord) => boolean])[] = [
  ['approved', ({ event }) => event === 'change.approved'],
  ['started', ({ event }) => event === 'change.started'],
  ['write intended', (record) => isStep(record, 'step.intended', 'write')],
  ['written', (record) => isStep(record, 'step.done', 'write')],
  ['eviction intended', (record) => isStep(record, 'step.intended', 'evict')],
  ['evicted', (record) => isStep(record, 'step.done', 'evict')],
  [
    'waiting for the replacement',
    ({ event, data }) =>
      event === 'change.progress' && /is not Ready|still ending|no new TMM/.test(String(data.progress)),
  ],
  [
    'waiting for peers',
    ({ event, data }) => event === 'change.progress' && String(data.progress).includes(' → '),
  ],
  ['checked', (record) => isStep(record, 'step.done', 'check')],
];

const EFFECTS = [
  ['the write', 'PATCH', CONFIG_MAP],
  ['the eviction', 'POST', EVICTION],
] as const;

const kills: readonly Fault[] = [
  ...STEPS.map(
    ([name, holds]): Fault => ({
      name: `bot killed when ${name}`,
      async strike(world) {
        await world.record(holds);
        await world.killAndRestart();
      },
    }),
  ),
  ...EFFECTS.flatMap(([name, method, path]): readonly Fault[] => [
    {
      name: `bot killed before ${name}`,
      strike: (world) => killAround(world, method, path, { kind: 'reset', done: 'nothing' }),
    },
    {
      name: `bot killed between ${name} and its journal`,
      strike: (world) => killAround(world, method, path, { kind: 'reset', done: 'everything' }),
    },
    {
      name: `bot killed while the server holds ${name}`,
      async strike(world) {
        let release = (): void => undefined;
        const until = new Promise<void>((resolve) => {
          release = resolve;
        });
        await world.next(method, path, () => ({ kind: 'hold', until }));
        await world.killAndRestart();
        release();
      },
    },
  ]),
];

async function killAround(world: World, method: string, path: RegExp, meets: Interference): Promise<void> {
  await world.next(method, path, () => meets);
  await world.killAndRestart();
}

const apiAnswers: readonly Fault[] = EFFECTS.flatMap(([name, method, path]): readonly Fault[] => [
  ...([409, 429, 500, 503] as const).map(
    (status): Fault => ({
      name: `API server answers ${status} to ${name}`,
      strike: (world) => world.next(method, path, () => ({ kind: 'answer', status })),
    }),
  ),
  ...(['nothing', 'everything'] as const).map(
    (done): Fault => ({
      name: `connection breaks ${done === 'nothing' ? 'before' : 'after'} ${name}`,
      strike: (world) => world.next(method, path, () => ({ kind: 'reset', done })),
    }),
  ),
  {
    name: `API server hangs for 12 s at ${name}`,
    strike: (world) => world.next(method, path, () => ({ kind: 'hold', until: sleep(12_000) })),
  },
]);

const others: readonly Fault[] = [
  {
    name: 'API server answers 500 to five reads',
    async strike(world) {
      await world.record(({ event }) => event === 'change.started');
      for (let times = 0; times < 5; times += 1) {
        await world.next('GET', /\/(pods|nodes|configmaps\/spk-tor-bgp)$/, () => ({
          kind: 'answer',
          status: 500,
        }));
      }
    },
  },
  ...STEPS.filter((_, index) => index % 2 === 1).map(
    ([name, holds]): Fault => ({
      name: `Redis killed when ${name}, back after 1 s`,
      async strike(world) {
        await world.record(holds);
        await world.sandbox.redis.crash(1_000);
      },
    }),
  ),
  ...STEPS.filter((_, index) => index % 2 === 0).map(
    ([name, holds]): Fault => ({
      name: `the clock jumps an hour ahead when ${name}`,
      async strike(world) {
        await world.record(holds);
        world.jumpClock();
      },
    }),
  ),
  {
    name: 'every watch dies silently while it runs',
    async prepare(world) {
      world.silenceWatches();
      // The server ends each watch after 20 s; what comes then says nothing any more.
      await sleep(22_000);
    },
    strike: async ({ record }) => void (await record(({ event }) => event === 'change.started')),
  },
  {
    name: 'two bots, one killed when evicted',
    prepare: (world) => world.another(),
    async strike(world) {
      await world.record((record) => isStep(record, 'step.done', 'evict'));
      await world.killFirst();
    },
  },
  {
    name: 'Slack answers 429 and 500 while it runs',
    async strike({ sandbox, record }) {
      await record(({ event }) => event === 'change.started');
      sandbox.slack.control.fault({ method: 'chat.update', times: 1, status: 429, retryAfterSec: 1 });
      sandbox.slack.control.fault({ method: 'chat.postMessage', times: 1, status: 500 });
      sandbox.slack.control.fault({ method: 'chat.postMessage', times: 1, status: 429, retryAfterSec: 2 });
    },
  },
  {
    name: 'Slack drops every socket while it runs',
    async strike({ sandbox, record }) {
      await record(({ event }) => event === 'change.started');
      sandbox.slack.control.disconnect({ reason: 'refresh_requested', all: true, cut: true });
    },
  },
];

/** Everything that may die or go wrong while a change runs. */
export const FAULTS: readonly Fault[] = [...kills, ...apiAnswers, ...others, ...MOVING_WORLD];
