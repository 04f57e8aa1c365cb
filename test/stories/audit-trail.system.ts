import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type BotProcess, startBot } from '../../sandbox/src/bot-process.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { type Ran, runProgram } from './run-program.ts';
import { ALICE, type Card, node, type Story, startStory } from './story.ts';

/** The anchors that the audit channel has, as `audit verify` takes them. */
function anchorsIn(audit: string): readonly string[] {
  return [...audit.matchAll(/ · #(\d+) ([0-9a-f]{20})$/gm)].flatMap(([, seq, hash]) => [
    '--anchor',
    `${seq}:${hash}`,
  ]);
}

describe('the audit trail of a bot that signs', () => {
  let story: Story;
  let bot: BotProcess;
  let folder: string;
  let card: Card;
  let whole: Ran;
  const file = (): string => join(folder, 'trail.jsonl');
  const exported = (...options: string[]): Promise<Ran> =>
    runProgram(['audit', 'export', ...options], story.env);
  const verify = (...options: string[]): Promise<Ran> =>
    runProgram(['audit', 'verify', file(), ...options], {});

  beforeAll(async () => {
    story = await startStory();
    folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-trail-'));
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    await writeFile(join(folder, 'key.pem'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(join(folder, 'public.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
    await story.bot.stop();
    const env = { ...story.env, AUDIT_SIGNING_KEY_FILE: join(folder, 'key.pem') };
    bot = await startBot({ program: 'dist/cli.js', env, logFile: join(folder, 'bot.log') });
    card = await story.propose(ALICE, `add ${node('worker4')} 10.20.4.1`);
    await story.carryOut(card, '✅ succeeded');
    await eventually(async () => {
      whole = await exported();
      expect(whole.out.trim().split('\n').at(-1)).toContain('"audit.signed"');
    });
    await writeFile(file(), whole.out);
  });
  afterAll(async () => {
    await bot?.stop();
    await story?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('is exported as JSON lines, with one line about it where nobody looks', () => {
    const lines = whole.out.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).seq)).toEqual(lines.map((_, at) => at + 1));
    expect(whole).toMatchObject({ code: 0, err: `${lines.length} records\n` });
  });

  test('is whole, agrees with every anchor in the audit channel, and is signed to its last ending', async () => {
    await eventually(() => expect(story.audit()).toContain('✅ succeeded'));
    const anchors = anchorsIn(story.audit());
    expect(anchors.length).toBeGreaterThan(0);
    const { code, out, err } = await verify(...anchors, '--public-key', join(folder, 'public.pem'));
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toMatch(/Signed up to #\d+ by the key [0-9a-f]{16}; 1 record after it is not\./);
    expect(out).toMatch(new RegExp(`^${anchors.length / 2} anchors? agrees?, up to #\\d+\\.$`, 'm'));
    expect(story.audit()).not.toContain('signed');
  });

  test('lesson 27: with its tail cut off, the audit channel shows it', async () => {
    const lines = whole.out.trim().split('\n');
    await writeFile(
      file(),
      lines
        .slice(0, -4)
        .map((line) => `${line}\n`)
        .join(''),
    );
    expect((await verify()).code).toBe(0);
    const { code, err } = await verify(...anchorsIn(story.audit()));
    expect(code).toBe(1);
    expect(err).toContain(
      `Record ${lines.length - 3} is missing: the file ends with record ${lines.length - 4}`,
    );
    await writeFile(file(), whole.out);
  });

  test('is exported from a record on, from a date on, and for one change', async () => {
    const records: { seq: number; at: string; change: string | null }[] = whole.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const seqs = ({ out }: Ran): number[] =>
      [...out.matchAll(/^\{"v":1,"seq":(\d+)/gm)].map(([, seq]) => Number(seq));
    const from = (first: number): number[] => records.map(({ seq }) => seq).filter((seq) => seq >= first);
    expect(seqs(await exported('--since', '4'))).toEqual(from(4));
    const fifth = records[4];
    const sinceFifth = records.find(({ at }) => at >= (fifth?.at ?? ''))?.seq ?? 0;
    expect(seqs(await exported('--since', fifth?.at ?? ''))).toEqual(from(sinceFifth));
    expect(seqs(await exported('--since', '2020-01-01'))).toEqual(from(1));
    expect(await exported('--since', '2999-01-01')).toMatchObject({ code: 0, out: '', err: '0 records\n' });
    expect((await exported('--since', 'yesterday')).err).toContain('give a');
    const mine = await exported('--change', card.id);
    expect(seqs(mine)).toEqual(records.filter(({ change }) => change === card.id).map(({ seq }) => seq));
  });

  test('ends quietly when whoever reads it has enough', async () => {
    const { PATH } = process.env;
    const child = spawn(process.execPath, ['dist/cli.js', 'audit', 'export'], {
      env: { PATH, ...story.env },
    });
    child.stdout.destroy();
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    const code = await new Promise((resolve) => child.once('close', resolve));
    expect({ code, err }).toEqual({ code: 0, err: '' });
  });
});
