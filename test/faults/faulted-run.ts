import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import type { Interference } from '../../sandbox/src/kubernetes/server/interference.ts';
import { type Sandbox, startSandbox } from '../../sandbox/src/start-sandbox.ts';
import { connectRedis } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import { verifyTrail } from '../../src/domain/audit/verify/verify-trail.ts';
import type { Change } from '../../src/domain/change/change.ts';
import type { Store } from '../../src/ports/store.ts';
import { type ClusterWitness, witnessCluster } from './cluster-witness.ts';

const NODE = 'worker1.rack.example.com';
const OLD = '10.20.1.1';
const NEW = '10.20.1.9';
const CHANNEL = 'C01CHANGES';
const ENDS_WITHIN_MS = 60_000;
const NEVER = new Promise<void>(() => undefined);
const AT_REST: readonly string[] = ['succeeded', 'failed', 'halted', 'outcome_unknown', 'expired'];

/** What a fault may do to the world of one running change. */
export interface World {
  readonly sandbox: Sandbox;
  /** The store, as it stands in Redis. */
  readonly store: Store;
  readonly change: string;
  /** Resolves with the first record of the change for which this holds. */
  record(holds: (record: AuditRecord) => boolean): Promise<AuditRecord>;
  /** The next request of this kind meets this; resolves when it came. */
  next(method: string, path: RegExp, meets: () => Interference | undefined): Promise<void>;
  /** SIGKILL to every bot there is, and one new bot. */
  killAndRestart(): Promise<void>;
  /** The bot's wall clock jumps an hour ahead. */
  jumpClock(): void;
  /** From now on the API server's new watches are silent for ever; what they would say is lost. */
  silenceWatches(): void;
  /** SIGKILL to the first bot alone. */
  killFirst(): Promise<void>;
  /** A second bot beside the first. */
  another(): Promise<BotProcess>;
}

export interface Fault {
  readonly name: string;
  /** Done before the approval. */
  prepare?(world: World): Promise<unknown>;
  /** Runs while the change is approved and carried out. Begins before the approval. */
  strike(world: World): Promise<void>;
}

export interface Outcome {
  readonly fault: string;
  readonly state: string;
  /** From the first SIGKILL to the next record of the change, or undefined where nobody was killed. */
  readonly recoveredMs: number | undefined;
  /** Promises that were not kept; empty when all is well. */
  readonly broken: readonly string[];
}

/** One change on a sandbox of its own, one fault, and what the world says afterwards. */
export async function faultedRun(fault: Fault): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-fault-'));
  const meetings: { method: string; path: RegExp; meets: () => Interference | undefined; met(): void }[] = [];
  let silent = false;
  process.env.NODE_OPTIONS = `--import=${fileURLToPath(new URL('./shifted-clock.mjs', import.meta.url))}`;
  const sandbox = await startSandbox({
    port: 0,
    kubePort: 0,
    folder,
    program: 'dist/cli.js',
    interfere: ({ method, path, isWatch }) => {
      // The sandbox's own kubelet watches pods of all namespaces, the bot those of one.
      if (isWatch && silent && path.includes('/namespaces/')) return { kind: 'hold', until: NEVER };
      const index = meetings.findIndex((one) => one.method === method && one.path.test(path));
      const [meeting] = index < 0 ? [] : meetings.splice(index, 1);
      meeting?.met();
      return meeting?.meets();
    },
  });
  const bots: BotProcess[] = [sandbox.bot];
  const redis = await connectRedis(sandbox.redis.url, () => undefined);
  const store = redisStore(redis.openPatient(), redisKeys());
  const witness = await witnessCluster(sandbox.cluster.kubeconfig, NODE);
  let killedAtMs: number | undefined;
  try {
    await untilTrue(() => witness.readyPods() === 3);
    const change = await propose(sandbox);
    const another = async (): Promise<BotProcess> => {
      const bot = await startBot({
        program: 'dist/cli.js',
        env: sandbox.env,
        logFile: join(folder, `bot-${bots.length}.log`),
      });
      bots.push(bot);
      return bot;
    };
    const world: World = {
      sandbox,
      store,
      change,
      record: (holds) => firstRecord(store, change, holds),
      next: (method, path, meets) =>
        new Promise((resolve) => meetings.push({ method, path, meets, met: resolve })),
      async killAndRestart() {
        killedAtMs ??= Date.now();
        for (const bot of bots.splice(0)) await kill(bot);
        await another();
      },
      jumpClock() {
        for (const bot of bots) process.kill(bot.pid, 'SIGUSR2');
      },
      silenceWatches() {
        silent = true;
      },
      async killFirst() {
        killedAtMs ??= Date.now();
        const first = bots.shift();
        if (first !== undefined) await kill(first);
      },
      another,
    };
    await fault.prepare?.(world);
    const struck = fault.strike(world);
    await approve(sandbox, change);
    await struck;
    const ended = await untilEnded(store, change);
    await sleep(300);
    const records = await recordsOf(store);
    const after = records.find(
      (one) => one.change === change && killedAtMs !== undefined && Date.parse(one.at) > killedAtMs,
    );
    return {
      fault: fault.name,
      state: ended?.state ?? 'never ended',
      recoveredMs:
        killedAtMs === undefined || after === undefined ? undefined : Date.parse(after.at) - killedAtMs,
      broken: await brokenPromises(sandbox, ended, records, witness),
    };
  } finally {
    witness.stop();
    await redis.close();
    for (const bot of bots) await bot.stop();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

async function propose({ slack }: Sandbox): Promise<string> {
  await slack.control.command({
    channel: CHANNEL,
    user: 'U01ALICE',
    command: '/bgp',
    text: `rotate ${NODE} ${NEW}`,
  });
  await untilTrue(() => cardOf(slack) !== undefined);
  return 'BGP-1';
}

async function approve({ slack }: Sandbox, _change: string): Promise<void> {
  const action = { action_id: 'approve', block_id: 'decide' };
  const messageTs = cardOf(slack)?.ts ?? '';
  await slack.control.interact({ channel: CHANNEL, messageTs, user: 'U02BOB', action });
}

function cardOf(slack: Sandbox['slack']) {
  return slack.control.messages(CHANNEL).find(({ metadata }) => metadata?.event_type === 'bgp_change');
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

async function recordsOf(store: Store): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of store.records(1)) records.push(record);
  return records;
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

/** What has to hold after every fault, whatever it was. */
async function brokenPromises(
  { slack }: Sandbox,
  change: Change | undefined,
  records: readonly AuditRecord[],
  witness: ClusterWitness,
): Promise<readonly string[]> {
  const broken: string[] = [];
  const promise = (holds: boolean, words: string): void => {
    if (!holds) broken.push(words);
  };
  promise(change !== undefined, 'the change ended');
  const values = witness.values();
  promise(
    values.every((value) => value === OLD || value === NEW),
    `the mapping was ${OLD} or ${NEW}: ${values.join(', ')}`,
  );
  promise(witness.taken() <= 1, `one pod was replaced, not ${witness.taken()}`);
  promise(witness.fewestReady() >= 2, `two TMMs kept carrying, not ${witness.fewestReady()}`);
  const trail = verifyTrail();
  for (const record of records) trail.take(`${JSON.stringify(record)}\n`);
  const { findings } = trail.end();
  promise(
    findings.length === 0,
    `the audit chain is whole: ${findings.map(({ sentence }) => sentence).join(' ')}`,
  );
  if (change?.state === 'succeeded') {
    promise(values.at(-1) === NEW, 'a change that is done has written its mapping');
    promise(witness.taken() === 1, 'a change that is done has replaced its pod');
    promise(
      await becomes(() => cardOf(slack)?.text.includes('✅') ?? false),
      'the card says that it is done',
    );
  } else if (change !== undefined) {
    promise(
      await becomes(() => !/waiting|running|starting/.test(cardOf(slack)?.text ?? '')),
      'the card says that it stopped',
    );
  }
  const endings = records.filter(({ event }) =>
    /^change\.(succeeded|failed|halted|outcome_unknown|expired)$/.test(event),
  );
  promise(endings.length === 1, `it ended once, not ${endings.length} times`);
  return broken;
}

async function becomes(holds: () => boolean): Promise<boolean> {
  for (let waited = 0; waited < 8_000; waited += 50) {
    if (holds()) return true;
    await sleep(50);
  }
  return false;
}

async function kill(bot: BotProcess): Promise<void> {
  process.kill(bot.pid, 'SIGKILL');
  await bot.exited;
}

async function untilTrue(holds: () => boolean): Promise<void> {
  if (!(await becomes(holds))) throw new Error(`it did not come true: ${holds}`);
}
