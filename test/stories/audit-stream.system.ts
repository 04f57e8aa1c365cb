import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBot } from '../../sandbox/src/bot-process.ts';
import type { Anchor } from '../../src/domain/audit/anchor.ts';
import { type AuditRecord, GENESIS, hashOf } from '../../src/domain/audit/record.ts';
import { verifyTrail } from '../../src/domain/audit/verify/verify-trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { runProgram } from './run-program.ts';
import { ALICE, node, type Story, startStory } from './story.ts';

describe('the audit trail for a SIEM', () => {
  let story: Story;
  let folder: string;
  const toStop: (() => unknown)[] = [];
  let env: Readonly<Record<string, string>>;
  beforeAll(async () => {
    story = await startStory();
    env = { ...story.env, AUDIT_STREAM: 'stdout' };
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-stream-'));
  });
  afterAll(async () => {
    for (const stop of toStop) await stop();
    await story?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const linesOf = async (file: string): Promise<readonly string[]> =>
    (await readFile(join(folder, file), 'utf8')).split('\n').slice(0, -1);
  const exported = async (): Promise<readonly string[]> =>
    (await runProgram(['audit', 'export'], story.env)).out.split('\n').slice(0, -1);
  const bySeq = (lines: readonly string[]): readonly string[] =>
    lines.toSorted((one, other) => JSON.parse(one).seq - JSON.parse(other).seq);

  test('every record comes out once over all replicas, as exported, and the log keeps away from it', async () => {
    const replicas = await Promise.all(
      ['one', 'other'].map((name) =>
        startBot({
          program: 'dist/cli.js',
          env,
          logFile: join(folder, `${name}.log`),
          outputFile: join(folder, `${name}.jsonl`),
        }),
      ),
    );
    toStop.push(...replicas.map((replica) => replica.stop));
    await story.bot.stop();
    const card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.carryOut(card, '✅ succeeded');
    const all = await exported();
    expect(all.join('\n')).toContain('"change.succeeded"');
    await eventually(async () => {
      const [one, other] = await Promise.all(['one.jsonl', 'other.jsonl'].map(linesOf));
      expect(bySeq([...(one ?? []), ...(other ?? [])])).toEqual(all);
      expect(bySeq(one ?? [])).toEqual(one);
    });
    for (const replica of replicas) await replica.stop();
    const logs = await Promise.all(['one.log', 'other.log'].map(linesOf));
    expect(logs.flat().join('\n')).toContain('"msg":"started"');
    expect(logs.flat().join('\n')).not.toContain('"prev"');
  });

  test('a consumer that verifies as it reads needs no word of the store, and proves that the store was rewritten', async () => {
    const names = ['first', 'second'];
    const replicas = await Promise.all(
      names.map((name) =>
        startBot({
          program: 'dist/cli.js',
          env,
          logFile: join(folder, `${name}.log`),
          outputFile: join(folder, `${name}.jsonl`),
        }),
      ),
    );
    toStop.push(...replicas.map((replica) => replica.stop));
    await story.carryOut(await story.propose(ALICE, `restart ${node('worker1')}`), '✅ succeeded');
    const wanted = (await exported()).length;

    // What came before its own start it has from the replicas of the test above.
    const consumer = openConsumer();
    await eventually(async () => {
      const files = ['one', 'other', ...names].map((name) => linesOf(`${name}.jsonl`));
      for (const line of (await Promise.all(files)).flat()) consumer.take(line);
      expect(consumer.head()?.seq).toBeGreaterThanOrEqual(wanted);
    });
    expect(consumer.end().findings).toEqual([]);

    const rewritten: AuditRecord[] = [];
    for (const line of await exported()) {
      const record: AuditRecord = JSON.parse(line);
      const told = record.event === 'change.approved' ? { actor: { user: 'U09EVE', team: 'T01' } } : {};
      const changed = { ...record, ...told, prev: rewritten.at(-1)?.hash ?? GENESIS };
      rewritten.push({ ...changed, hash: hashOf(changed) });
    }
    const head = consumer.head();
    const verify = async (name: string, lines: readonly string[]): Promise<number | null> => {
      const file = join(folder, name);
      await writeFile(file, `${lines.join('\n')}\n`);
      return (await runProgram(['audit', 'verify', file, '--anchor', `${head?.seq}:${head?.hash}`], env))
        .code;
    };
    expect(await verify('as-it-was.jsonl', await exported())).toBe(0);
    expect(
      await verify(
        'rewritten.jsonl',
        rewritten.map((record) => JSON.stringify(record)),
      ),
    ).toBe(1);
    for (const replica of replicas) await replica.stop();
  });

  test('while standard output is closed the bot works, says so once, and gives no record up', async () => {
    const bot = spawn(process.execPath, ['dist/cli.js', 'serve'], {
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    toStop.push(() => bot.kill('SIGKILL'));
    bot.stdout.destroy();
    const said = collect(bot);
    await eventually(() => expect(said()).toContain('"msg":"started"'));
    await eventually(() => expect(said()).toContain('writing on standard output: write EPIPE'));
    expect(await story.ask(ALICE, 'whoami')).toContain('You are');
    expect(bot.exitCode).toBeNull();
    bot.kill('SIGTERM');
    expect(await new Promise((resolve) => bot.once('close', resolve))).toBe(0);
    expect(said().split('EPIPE')).toHaveLength(2);

    const next = await startBot({
      program: 'dist/cli.js',
      env,
      logFile: join(folder, 'next.log'),
      outputFile: join(folder, 'next.jsonl'),
    });
    toStop.push(next.stop);
    const all = await exported();
    await eventually(async () => {
      const lines = await Promise.all(
        ['one', 'other', 'first', 'second', 'next'].map((name) => `${name}.jsonl`).map(linesOf),
      );
      expect(bySeq(lines.flat())).toEqual(all);
    });
  });
});

/** What a SIEM does with the lines of several replicas: each once, in order, verified as it comes. */
function openConsumer() {
  const trail = verifyTrail();
  const early = new Map<number, string>();
  let head: Anchor | undefined;
  return {
    take(line: string): void {
      early.set(anchorIn(line).seq, line);
      for (
        let next = early.get((head?.seq ?? 0) + 1);
        next !== undefined;
        next = early.get((head?.seq ?? 0) + 1)
      ) {
        trail.take(`${next}\n`);
        head = anchorIn(next);
      }
    },
    head: () => head,
    end: () => trail.end(),
  };
}

function anchorIn(line: string): Anchor {
  const { seq, hash }: Anchor = JSON.parse(line);
  return { seq, hash };
}

function collect(bot: ChildProcess): () => string {
  let said = '';
  bot.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return () => said;
}
