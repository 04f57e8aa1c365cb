import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import type { Interference } from '../../sandbox/src/kubernetes/server/interference.ts';
import type { Sandbox } from '../../sandbox/src/start-sandbox.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Store } from '../../src/ports/store.ts';
import { cardAction } from '../doubles/card-action.ts';
import { type CoreApi, coreApi } from '../stories/core-api.ts';
import type { ClusterWitness } from './cluster-witness.ts';

export const NODE = 'worker1.rack.example.com';
const CHANNEL = 'C01CHANGES';
const ENDS_WITHIN_MS = 60_000;
const AT_REST: readonly string[] = ['succeeded', 'failed', 'halted', 'outcome_unknown', 'expired'];

/** What a fault may do to the world of one running change. */
export interface World {
  readonly sandbox: Sandbox;
  /** The store, as it stands in Redis. */
  readonly store: Store;
  readonly change: string;
  readonly core: CoreApi;
  readonly witness: ClusterWitness;
  /** Every write, eviction and deletion that a bot asked of the API server. */
  readonly effects: readonly EffectRequest[];
  /** Notes what did not hold, in words. */
  promise(holds: boolean, words: string): void;
  /** Resolves with the first record of the change for which this holds; `of` is another change than the first one. */
  record(holds: (record: AuditRecord) => boolean, of?: string): Promise<AuditRecord>;
  /** The next request of this kind meets this; resolves when it came. */
  next(method: string, path: RegExp, meets: () => Interference | undefined): Promise<void>;
  /** Somebody types a change command; resolves with the id of the change. */
  propose(text: string): Promise<string>;
  press(user: string, change: string, action: 'approve' | 'cancel' | 'resume'): Promise<void>;
  /** Everything that the card of a change says. */
  card(change: string): string;
  /** What the bot told people beside its cards. */
  told(user: string): string;
  /** Types a query; what it comes to is told. */
  ask(user: string, text: string): Promise<void>;
  /** Resolves when this change is at rest, or with undefined when it is not for a minute. */
  ended(change: string): Promise<Change | undefined>;
  /** SIGKILL to every bot there is, and one new bot. */
  killAndRestart(): Promise<void>;
  /** The bot's wall clock jumps an hour ahead. */
  jumpClock(): void;
  /** From now on the API server's new watches are silent for ever; what they would say is lost. */
  silenceWatches(): void;
  /** SIGKILL to the first bot alone. */
  killFirst(): Promise<void>;
  /** The first bot ends as it does for an upgrade. */
  stopFirst(): Promise<void>;
  /** A second bot beside the first, with something else in its environment where that is given. */
  another(environment?: Readonly<Record<string, string>>): Promise<BotProcess>;
}

export interface EffectRequest {
  readonly method: string;
  readonly path: string;
  readonly atMs: number;
}

export interface OpenWorld extends World {
  readonly bots: readonly BotProcess[];
  /** Promises that were not kept. */
  readonly broken: readonly string[];
  /** When the first bot was killed. */
  killedAtMs(): number | undefined;
}

/** What `interfere` of the sandbox was told to do. */
export interface Meetings {
  readonly effects: EffectRequest[];
  readonly waiting: { method: string; path: RegExp; meets: () => Interference | undefined; met(): void }[];
  silent: boolean;
}

/** Opens the world of a sandbox, and proposes the change that a fault strikes. */
export async function openWorld(
  sandbox: Sandbox,
  parts: {
    readonly folder: string;
    readonly store: Store;
    readonly witness: ClusterWitness;
    readonly meetings: Meetings;
    readonly command: string;
  },
): Promise<OpenWorld> {
  const { folder, store, witness, meetings } = parts;
  const { control } = sandbox.slack;
  const bots: BotProcess[] = [sandbox.bot];
  const broken: string[] = [];
  let started = 1;
  let killedAtMs: number | undefined;
  const cards = () =>
    control.messages(CHANNEL).filter(({ metadata }) => metadata?.event_type === 'bgp_change');
  const cardOf = (change: string) => cards().find(({ text }) => idIn(text) === change);
  const type = async (user: string, text: string): Promise<void> => {
    await control.command({ channel: CHANNEL, user, command: '/bgp', text });
  };
  const propose = async (text: string): Promise<string> => {
    const before = cards().length;
    await type('U01ALICE', text);
    await untilTrue(() => cards().length > before, `a card for ${text}`);
    return idIn(cards().at(-1)?.text);
  };
  const another: World['another'] = async (environment = {}) => {
    const logFile = join(folder, `bot-${started}.log`);
    started += 1;
    const bot = await startBot({ program: 'dist/cli.js', env: { ...sandbox.env, ...environment }, logFile });
    bots.push(bot);
    return bot;
  };
  const change = await propose(parts.command);
  return {
    sandbox,
    store,
    change,
    core: coreApi(sandbox.cluster.url),
    witness,
    effects: meetings.effects,
    bots,
    broken,
    promise(holds, words) {
      if (!holds) broken.push(words);
    },
    killedAtMs: () => killedAtMs,
    record: (holds, of = change) => firstRecord(store, of, holds),
    next: (method, path, meets) =>
      new Promise((resolve) => meetings.waiting.push({ method, path, meets, met: resolve })),
    propose,
    async press(user, of, action) {
      const messageTs = cardOf(of)?.ts ?? '';
      await control.interact({
        channel: CHANNEL,
        messageTs,
        user,
        action: cardAction(cardOf(of), action),
      });
    },
    card: (of) => JSON.stringify(cardOf(of) ?? ''),
    told: (user) => JSON.stringify(control.messages(CHANNEL).filter(({ ephemeral_to: to }) => to === user)),
    ask: type,
    ended: (of) => untilEnded(store, of),
    async killAndRestart() {
      killedAtMs ??= Date.now();
      for (const bot of bots.splice(0)) await kill(bot);
      await another();
    },
    jumpClock() {
      for (const bot of bots) process.kill(bot.pid, 'SIGUSR2');
    },
    silenceWatches() {
      meetings.silent = true;
    },
    async killFirst() {
      killedAtMs ??= Date.now();
      const first = bots.shift();
      if (first !== undefined) await kill(first);
    },
    async stopFirst() {
      await bots.shift()?.stop();
    },
    another,
  };
}

/** Of the change that a card is about: its title begins with it. */
function idIn(text = ''): string {
  return /BGP-\d+/.exec(text)?.[0] ?? '';
}

async function untilEnded(store: Store, id: string): Promise<Change | undefined> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  while (Date.now() < deadline) {
    const change = await store.change(id);
    if (change !== undefined && AT_REST.includes(change.state)) return change;
    await sleep(50);
  }
  return undefined;
}

async function firstRecord(
  store: Store,
  id: string,
  holds: (record: AuditRecord) => boolean,
): Promise<AuditRecord> {
  const deadline = Date.now() + ENDS_WITHIN_MS;
  let from = 1;
  while (Date.now() < deadline) {
    for await (const record of store.records(from)) {
      from = record.seq + 1;
      if (record.change === id && holds(record)) return record;
    }
    await sleep(3);
  }
  throw new Error(`the record for which this fault waits did not come: ${holds}`);
}

/** Whether a record tells of a step of this kind: `write`, `evict` or `check`. */
export function isStep({ event, data }: AuditRecord, wanted: string, kind: string): boolean {
  const step: unknown = data.step;
  return (
    event === wanted && typeof step === 'object' && step !== null && 'kind' in step && step.kind === kind
  );
}

async function kill(bot: BotProcess): Promise<void> {
  process.kill(bot.pid, 'SIGKILL');
  await bot.exited;
}

export async function becomes(holds: () => boolean, withinMs = 8_000): Promise<boolean> {
  for (let waited = 0; waited < withinMs; waited += 50) {
    if (holds()) return true;
    await sleep(50);
  }
  return false;
}

export async function untilTrue(holds: () => boolean, what: string, withinMs?: number): Promise<void> {
  if (!(await becomes(holds, withinMs))) throw new Error(`it did not come true: ${what}`);
}
