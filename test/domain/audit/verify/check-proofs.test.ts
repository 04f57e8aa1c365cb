import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Anchor } from '../../../../src/domain/audit/anchor.ts';
import { type AuditRecord, GENESIS, type RecordDraft } from '../../../../src/domain/audit/record.ts';
import { keyId, signHead } from '../../../../src/domain/audit/signed-head.ts';
import { anchorOf, aTrail, chained, check, fileOf } from './trails.ts';

const { privateKey, publicKey } = generateKeyPairSync('ed25519');
const OTHER = generateKeyPairSync('ed25519').privateKey;
const TRAIL = aTrail(5);
const FORGED = 'f'.repeat(64);

describe('signatures', () => {
  test('reach as far as the last record that was signed, in whatever order they were made', async () => {
    const records = extended(signed(anchor(4)), signed(anchor(2)));
    expect(await verified(records)).toEqual({
      sentences: [],
      signatures: { key: keyId(publicKey), upTo: 4, byOthers: 0, notCompared: 0 },
    });
  });

  test('of another key are counted, and do not stand for one of this key', async () => {
    const { sentences, signatures } = await verified(extended(signed(anchor(4), OTHER)));
    expect(signatures).toMatchObject({ upTo: 0, byOthers: 1 });
    expect(sentences).toEqual([
      `7: No record is signed by the key ${keyId(publicKey)}: leave --public-key out if the bot had no key then.`,
    ]);
  });

  test('are not asked for of the records of one change', async () => {
    const { findings } = await check(fileOf(TRAIL.slice(1, 2)), { change: 'BGP-1', publicKey });
    expect(findings).toEqual([]);
  });

  test.each<[string, Readonly<Record<string, unknown>>]>([
    ['of another head', { ...signHead(privateKey, anchor(4)), hash: anchor(3).hash }],
    ['that is cut short', { ...signHead(privateKey, anchor(4)), signature: '' }],
    ['that is not there', { seq: 4, hash: anchor(4).hash, key: keyId(publicKey) }],
  ])('a signature %s is wrong', async (_, data) => {
    const { sentences } = await verified(extended(signed(anchor(2)), { ...SIGNED, data }));
    expect(sentences).toEqual(['7: Record 7 has a wrong signature.']);
  });

  test('name a record that was rewritten, with all that follows from it', async () => {
    const { sentences, signatures } = await verified(
      extended(signed(anchor(2)), signed({ seq: 4, hash: FORGED })),
    );
    expect(sentences).toEqual(['4: Record 4 is not the one that was signed, as record 7 shows.']);
    expect(signatures).toMatchObject({ upTo: 2 });
  });

  test('show a changed record even where the next one still follows from what it was', async () => {
    const records = extended(signed(anchor(2)), signed(anchor(4)));
    const { sentences } = await verified(records.map((one) => (one.seq === 4 ? { ...one, data: {} } : one)));
    expect(sentences).toEqual([
      '4: Record 4 was changed: its hash does not match its content.',
      '4: Record 4 is not the one that was signed, as record 7 shows.',
    ]);
  });

  test('of a part reach back to the record before it, and are not compared beyond', async () => {
    const part = extended(signed(anchor(2)), signed(anchor(3)), signed({ seq: 99, hash: FORGED })).slice(3);
    const { signatures } = await check(fileOf(part), { publicKey, anchors: [anchor(3)] });
    expect(signatures).toMatchObject({ upTo: 3, notCompared: 2 });
  });

  test('are not announced: the last record that is comes before them', async () => {
    const report = await check(fileOf(extended(signed(anchor(4)))), { publicKey });
    expect(report.head?.seq).toBe(6);
    expect(report.lastAnnounced).toEqual(anchor(5));
  });
});

describe('anchors', () => {
  test('that agree are counted, and how far they reach', async () => {
    const { anchors, findings } = await check(fileOf(TRAIL), { anchors: [anchor(4), anchor(2)] });
    expect(anchors).toEqual({ agreed: 2, agreedUpTo: 4, notCompared: [], closes: false });
    expect(findings).toEqual([]);
  });

  test('that differ agree with nothing, and tell since when the trail may be rewritten', async () => {
    const wrong = { seq: 4, hash: FORGED };
    const alone = await check(fileOf(TRAIL), { anchors: [wrong] });
    expect(alone.anchors).toMatchObject({ agreed: 0, agreedUpTo: 0 });
    expect(alone.findings).toMatchObject([
      { seq: 4, sentence: expect.stringContaining('rewritten at record 4 or before it.') },
    ]);
    const after = await check(fileOf(TRAIL), { anchors: [anchor(2), wrong] });
    expect(after.anchors).toMatchObject({ agreed: 1, agreedUpTo: 2 });
    expect(after.findings).toMatchObject([
      { seq: 4, sentence: expect.stringContaining('rewritten after record 2, up to record 4.') },
    ]);
  });

  test('of one record that contradict each other do not reach as far as it', async () => {
    const { anchors } = await check(fileOf(TRAIL), { anchors: [anchor(4), { seq: 4, hash: FORGED }] });
    expect(anchors).toMatchObject({ agreed: 1, agreedUpTo: 0 });
  });

  test('of records after the end show how much was cut off, in whatever order they are given', async () => {
    const anchors = [9, 7].map((seq) => ({ seq, hash: FORGED }));
    const report = await check(fileOf(TRAIL), { anchors });
    expect(report.findings.map(({ sentence }) => sentence)).toEqual([
      'Record 6 is missing: the file ends with record 5, and record 9 was anchored.',
    ]);
    expect(report.anchors.notCompared).toEqual([]);
  });

  test('of records that one change does not have are told in order, and show nothing', async () => {
    const anchors = [9, 10, 4].map((seq) => ({ seq, hash: FORGED }));
    const report = await check(fileOf(TRAIL.slice(1, 2)), { change: 'BGP-1', anchors });
    expect(report.anchors.notCompared).toEqual([4, 9, 10]);
    expect(report.findings).toEqual([]);
  });
});

test('a checkpoint is told of a part only: a whole trail needs none', async () => {
  const data = { through: 0, hash: GENESIS };
  const records = extended({ atMs: 9, event: 'audit.checkpoint', actor: 'bot', data });
  expect(await check(fileOf(records))).toMatchObject({ extent: 'whole', checkpoint: undefined });
});

const SIGNED: RecordDraft = { atMs: 9, event: 'audit.signed', actor: 'bot' };

function signed({ seq, hash }: Anchor, key: KeyObject = privateKey): RecordDraft {
  return { ...SIGNED, data: { ...signHead(key, { seq, hash }) } };
}

function anchor(seq: number): Anchor {
  return anchorOf(TRAIL[seq - 1]);
}

/** The trail with more records at its end. */
function extended(...drafts: readonly RecordDraft[]): readonly AuditRecord[] {
  return [...TRAIL, ...chained(drafts, TRAIL.at(-1))];
}

async function verified(records: readonly AuditRecord[]) {
  const { findings, signatures } = await check(fileOf(records), { publicKey });
  return { sentences: findings.map(({ seq, sentence }) => `${seq}: ${sentence}`), signatures };
}
