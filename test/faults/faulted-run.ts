import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type SandboxOptions, startSandbox } from '../../sandbox/src/start-sandbox.ts';
import { connectRedis } from '../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../src/adapters/redis/keys.ts';
import { redisStore } from '../../src/adapters/redis/store.ts';
import type { AuditRecord } from '../../src/domain/audit/record.ts';
import type { Store } from '../../src/ports/store.ts';
import { witnessCluster } from './cluster-witness.ts';
import { brokenPromises, type Ending } from './kept-promises.ts';
import { type Meetings, NODE, type OpenWorld, openWorld, untilTrue, type World } from './world.ts';

const NEVER = new Promise<void>(() => undefined);

export interface Fault {
  readonly name: string;
  /** The sandbox's own unless given. */
  readonly setting?: Pick<SandboxOptions, 'policy' | 'environment'>;
  /** The change that it strikes; a rotation of worker1 unless given. */
  readonly command?: string;
  /** Whether the strike approves the change itself. */
  readonly approvesItself?: boolean;
  /** Done before the approval. */
  prepare?(world: World): Promise<unknown>;
  /** Runs while the change is approved and carried out. Begins before the approval. */
  strike(world: World): Promise<void>;
  /** How the change ends, where that is certain. */
  readonly ending?: Ending;
}

export interface Outcome {
  readonly fault: string;
  readonly state: string;
  /** What its card says about that, where it did not succeed. */
  readonly because: string | undefined;
  /** From the first SIGKILL to the next record of the change, or undefined where nobody was killed. */
  readonly recoveredMs: number | undefined;
  /** Promises that were not kept; empty when all is well. */
  readonly broken: readonly string[];
}

/** One change on a sandbox of its own, one fault, and what the world says afterwards. */
export async function faultedRun(fault: Fault): Promise<Outcome> {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-fault-'));
  const meetings: Meetings = { effects: [], waiting: [], silent: false };
  process.env.NODE_OPTIONS = `--import=${fileURLToPath(new URL('./shifted-clock.mjs', import.meta.url))}`;
  const sandbox = await startSandbox({
    port: 0,
    kubePort: 0,
    folder,
    program: 'dist/cli.js',
    ...fault.setting,
    interfere: (request) => meet(request, meetings),
  });
  const redis = await connectRedis(sandbox.env.REDIS_URL ?? sandbox.redis.url, () => undefined);
  const store = redisStore(redis.openPatient(), redisKeys());
  const witness = await witnessCluster(sandbox.cluster.kubeconfig, NODE);
  let world: OpenWorld | undefined;
  try {
    await untilTrue(() => witness.readyPods() === 3, 'three TMM pods are Ready');
    const command = fault.command ?? `rotate ${NODE} 10.20.1.9`;
    world = await openWorld(sandbox, { folder, store, witness, meetings, command });
    await fault.prepare?.(world);
    const struck = fault.strike(world);
    if (fault.approvesItself !== true) await world.press('U02BOB', world.change, 'approve');
    await struck;
    const ended = await world.ended(world.change);
    await sleep(300);
    const records = await recordsOf(store);
    return {
      fault: fault.name,
      state: ended?.state ?? 'never ended',
      because: ended?.state === 'succeeded' ? undefined : ended?.outcome?.sentence,
      recoveredMs: recoveredMs(world, records),
      broken: [...world.broken, ...(await brokenPromises(world, ended, records, fault.ending))],
    };
  } finally {
    witness.stop();
    await redis.close();
    for (const bot of world?.bots ?? []) await bot.stop();
    await sandbox.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function meet(
  { method, path, isWatch }: Parameters<NonNullable<SandboxOptions['interfere']>>[0],
  meetings: Meetings,
): ReturnType<NonNullable<SandboxOptions['interfere']>> {
  // The sandbox's own kubelet watches pods of all namespaces, the bot those of one.
  if (isWatch && meetings.silent && path.includes('/namespaces/')) return { kind: 'hold', until: NEVER };
  if (isEffect(method, path)) meetings.effects.push({ method, path, atMs: Date.now() });
  const index = meetings.waiting.findIndex((one) => one.method === method && one.path.test(path));
  const [meeting] = index < 0 ? [] : meetings.waiting.splice(index, 1);
  meeting?.met();
  return meeting?.meets();
}

/** The sandbox's own controllers work on its store, so that these are the bot's, or a fault's own. */
function isEffect(method: string, path: string): boolean {
  return (
    (method === 'POST' && path.endsWith('/eviction')) || (method === 'PATCH' && path.includes('/configmaps/'))
  );
}

async function recordsOf(store: Store): Promise<readonly AuditRecord[]> {
  const records: AuditRecord[] = [];
  for await (const record of store.records(1)) records.push(record);
  return records;
}

function recoveredMs({ change, killedAtMs }: OpenWorld, records: readonly AuditRecord[]): number | undefined {
  const sinceMs = killedAtMs();
  if (sinceMs === undefined) return undefined;
  const after = records.find((one) => one.change === change && Date.parse(one.at) > sinceMs);
  return after === undefined ? undefined : Date.parse(after.at) - sinceMs;
}
