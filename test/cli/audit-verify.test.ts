import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { type AuditRecord, exportedRecordSchema, hashOf } from '../../src/domain/audit/record.ts';
import { signHead } from '../../src/domain/audit/signed-head.ts';
import { aTrail, chained, fileOf } from '../domain/audit/verify/trails.ts';
import { type Ran, runProgram } from '../stories/run-program.ts';
import { warmProgram } from '../stories/warm-program.ts';

const folder = mkdtempSync(join(tmpdir(), 'tor-bgp-bot-verify-'));
const auditVerify = warmProgram('audit-verify.js', 'auditVerify');
afterAll(async () => {
  await auditVerify.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Options {
  readonly anchor: readonly string[];
  readonly publicKey: string;
}

const FORMAT_1 = resolve('test/domain/audit/verify/format-1.jsonl');
const FORMAT_1_KEY = resolve('test/domain/audit/verify/format-1.public.pem');

/** Runs `audit verify` on a file with this content, with no configuration whatsoever. */
function verify(content: Buffer | string, options: Partial<Options> = {}): Promise<Ran> {
  const file = join(folder, 'trail.jsonl');
  writeFileSync(file, content);
  return auditVerify.run([file, { anchor: [], ...options }]);
}

describe('an export of format 1 that was made by the sandbox', () => {
  const lines = readFileSync(FORMAT_1, 'utf8').split(/(?<=\n)/);
  const at = (index: number): string => lines[index] ?? '';

  test('verifies for ever, offline and without any configuration', async () => {
    const { code, out, err } = await runProgram(['audit', 'verify', FORMAT_1], {});
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('12 records, whole from the first one on. The trail ends with #12 ');
    expect(out).toContain('has to end in #11 edc43ed4e95b73d5');
    for (const line of lines) exportedRecordSchema.parse(JSON.parse(line));
  });

  test('is signed up to its last ending, as its public key shows', async () => {
    const { code, out } = await runProgram(['audit', 'verify', FORMAT_1, '--public-key', FORMAT_1_KEY], {});
    expect(code).toBe(0);
    expect(out).toContain('Signed up to #11 by the key a7fca459503c4068; 1 record after it is not.');
  });

  test('can be read from standard input', () => {
    const options = { input: readFileSync(FORMAT_1), encoding: 'utf8' } as const;
    const { status, stdout } = spawnSync(process.execPath, ['dist/cli.js', 'audit', 'verify', '-'], options);
    expect(status).toBe(0);
    expect(stdout).toContain('12 records');
  });

  test.each([
    [
      'a changed byte',
      () => lines.with(6, at(6).replace('U02BOB', 'U03BOB')),
      'Record 7 was changed: its hash does not match its content.',
    ],
    [
      'a blank put in',
      () => lines.with(6, at(6).replace(',', ', ')),
      'Record 7 was changed: its line is not written as the bot writes it.',
    ],
    [
      'another spelling of the same',
      () => lines.with(6, at(6).replace('U02BOB', '\\u005502BOB')),
      'Record 7 was changed: its line',
    ],
    [
      'broken JSON',
      () => lines.with(6, at(6).slice(1)),
      'Record 7 cannot be read: line 7 is not a record, it is not JSON',
    ],
    ['a removed record', () => lines.toSpliced(6, 1), 'Record 7 is missing: record 8 comes next.'],
    ['removed records', () => lines.toSpliced(6, 3), 'Records 7 to 9 are missing: record 10 comes next.'],
    [
      'a swapped pair',
      () => lines.with(6, at(7)).with(7, at(6)),
      'Record 7 is not in its place: record 8 is there.',
    ],
    ['a doubled record', () => lines.toSpliced(6, 0, at(6)), 'Record 7 occurs twice.'],
    [
      'a missing beginning',
      () => lines.slice(1),
      'Record 1 is missing: the file begins with record 2; a part of a trail',
    ],
  ])('shows %s, and says where in the first sentence', async (_, tamper, sentence) => {
    const { code, out, err } = await verify(tamper().join(''));
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err.startsWith(sentence)).toBe(true);
    expect(err).toContain('This does not prove the trail complete and unchanged.');
  });
});

describe('what stands outside the file', () => {
  const records = aTrail(12);
  const hash = (seq: number): string => records[seq - 1]?.hash ?? '';

  test('lesson 27: a cut-off tail is shown by an anchor', async () => {
    const clipWellFormed = fileOf(records.slice(0, 8));
    expect((await verify(clipWellFormed)).code).toBe(0);
    const { code, err } = await verify(clipWellFormed, { anchor: [`11:${hash(11)}`] });
    expect(code).toBe(1);
    expect(err).toContain('Record 9 is missing: the file ends with record 8, and record 11 was anchored.');
  });

  test('lesson 27: a forged end is shown by an anchor, and two of them say where it begins', async () => {
    const drafts = [{ atMs: 1, event: 'change.approved' as const, actor: 'bot' as const }];
    const forged = fileOf([
      ...records.slice(0, 8),
      ...chained([...drafts, ...drafts, ...drafts, ...drafts], records[7]),
    ]);
    expect((await verify(forged)).code).toBe(0);
    const { code, err } = await verify(forged, { anchor: [`12:${hash(12)}`, `6:${hash(6)}`] });
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Record 12 is not the one that was anchored .* was rewritten after record 6, up to record 12\./,
    );
  });

  test('an anchor that agrees is counted, one from before the file cannot be compared', async () => {
    const part = fileOf(records.slice(4));
    writeFileSync(join(folder, 'part.jsonl'), part);
    // As the audit channel has them, and as an export has them.
    const anchors = [2, 4, 9].flatMap((seq) => [
      '--anchor',
      `${seq}:${seq === 4 ? hash(seq) : hash(seq).slice(0, 20)}`,
    ]);
    const args = ['audit', 'verify', join(folder, 'part.jsonl'), ...anchors];
    const { code, out } = await runProgram(args, {});
    expect(code).toBe(0);
    expect(out).toContain(`It begins with #5 and follows record 4 with hash ${hash(4)}, as an anchor says.`);
    expect(out).toContain('2 anchors agree, up to #9.');
    expect(out).toContain('Anchors that cannot be compared: #2; the file begins with #5.');
  });

  test('the records of one change are a selection, and are accepted only as one', async () => {
    const mine = fileOf(records.filter(({ change }) => change === 'BGP-2'));
    const asked = await verify(mine);
    expect(asked.code).toBe(1);
    expect(asked.err).toBe(
      'A selection of 3 records, those of BGP-2: each is unchanged; order and completeness can only be checked on the whole trail. To accept it as what it is, give --change BGP-2.\n',
    );
    writeFileSync(join(folder, 'mine.jsonl'), mine);
    const args = ['audit', 'verify', join(folder, 'mine.jsonl'), '--change', 'BGP-2'];
    const said = await runProgram(args, {});
    expect(said.code).toBe(0);
    expect(said.out).not.toContain('whole from');
  });

  test('what is no export, cannot be read or is not understood ends with 2, not with a stack', async () => {
    const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const rsa = join(folder, 'rsa.pem');
    writeFileSync(rsa, publicKey.export({ type: 'spki', format: 'pem' }));
    for (const ran of [
      await verify(''),
      await verify('{"hello":"world"}\n'),
      await verify(Buffer.from([0xff, 0x00, 0x0a])),
      await verify(fileOf(records), { anchor: ['12:abc'] }),
      await verify(fileOf(records), { publicKey: rsa }),
      await verify(fileOf(records), { publicKey: '/nowhere/key.pem' }),
      await runProgram(['audit', 'verify', '/nowhere/trail.jsonl'], {}),
      await auditVerify.run([folder, { anchor: [] }]),
    ]) {
      expect(ran).toMatchObject({ code: 2, out: '' });
      expect(ran.err.trim().split('\n')).toHaveLength(1);
    }
  });

  test('at most twenty findings are told, and how many more there are', async () => {
    const { err } = await verify(
      fileOf(aTrail(60).map((record) => ({ ...record, at: '2026-01-01T00:00:00Z' }))),
    );
    const lines = err.trim().split('\n');
    expect(lines[0]).toContain('Record 1 was changed');
    expect(lines[19]).toContain('Record 20 was changed');
    expect(lines[20]).toBe('… and 40 more.');
  });
});

describe('signatures', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = join(folder, 'public.pem');
  writeFileSync(pem, publicKey.export({ type: 'spki', format: 'pem' }));
  const records = aTrail(8).filter(({ event }) => event !== 'audit.signed');
  const signing = (data: Readonly<Record<string, unknown>>, after: readonly AuditRecord[] = records) =>
    fileOf([...after, ...chained([{ atMs: 9, event: 'audit.signed', actor: 'bot', data }], after.at(-1))]);
  const signed = (seq: number) => ({ ...signHead(privateKey, { seq, hash: records[seq - 1]?.hash ?? '' }) });

  test('say up to where the trail is signed', async () => {
    const { code, out } = await verify(signing(signed(6)), { publicKey: pem });
    expect(code).toBe(0);
    expect(out).toMatch(/Signed up to #6 by the key [0-9a-f]{16}; 3 records after it are not\./);
  });

  test('that are wrong are named', async () => {
    const { code, err } = await verify(signing({ ...signed(6), signature: 'AAAA' }), { publicKey: pem });
    expect(code).toBe(1);
    expect(err).toMatch(/^Record 9 has a wrong signature\./);
  });

  test('of a record that was sealed anew show it, though the chain is whole in itself', async () => {
    const first = records.slice(0, 4);
    const forged = [
      ...first,
      ...chained(
        records.slice(4).map(() => ({ atMs: 1, event: 'bot.stopped', actor: 'bot' })),
        first.at(-1),
      ),
    ];
    const file = signing(signed(6), forged);
    expect((await verify(file)).code).toBe(0);
    const { code, err } = await verify(file, { publicKey: pem });
    expect(code).toBe(1);
    expect(err).toMatch(/^Record 6 is not the one that was signed, as record 9 shows\./);
  });

  test('that were left out do not pass for signed', async () => {
    const { code, err } = await verify(fileOf(records), { publicKey: pem });
    expect(code).toBe(1);
    expect(err).toContain('No record is signed by the key');
    const other = signHead(generateKeyPairSync('ed25519').privateKey, { seq: 1, hash: hashOf({}) });
    const by = await verify(signing({ ...other }), { publicKey: pem });
    expect(by.code).toBe(1);
    expect(by.err).toContain('1 signature by another key was not checked.');
  });
});
