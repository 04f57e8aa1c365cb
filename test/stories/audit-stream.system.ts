import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startBot } from '../../sandbox/src/bot-process.ts';
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
      const lines = await Promise.all(['one.jsonl', 'other.jsonl', 'next.jsonl'].map(linesOf));
      expect(bySeq(lines.flat())).toEqual(all);
    });
  });
});

function collect(bot: ChildProcess): () => string {
  let said = '';
  bot.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  return () => said;
}
