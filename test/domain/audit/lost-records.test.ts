import { describe, expect, test } from '@jest/globals';
import type { Anchor } from '../../../src/domain/audit/anchor.ts';
import { compareAnchors } from '../../../src/domain/audit/compare-anchors.ts';
import { acceptanceOf, describeLost, restoreIn } from '../../../src/domain/audit/lost-records.ts';
import { type AuditRecord, chain } from '../../../src/domain/audit/record.ts';
import { anchorOf, aTrail } from './verify/trails.ts';

const BEFORE = aTrail(9);
const KEPT = BEFORE.slice(0, 5);
const LOST = { found: anchorOf(KEPT.at(-1)), known: anchorOf(BEFORE.at(-1)) };
const EMPTY = { seq: 0, hash: '0'.repeat(64) };

test.each([
  [LOST, 'The audit trail ends with #5, but #9 was published earlier: the store was rolled back.'],
  [
    { ...LOST, found: EMPTY },
    'The audit trail is empty, but #9 was published earlier: the store was rolled back.',
  ],
  [
    { found: LOST.known, known: LOST.known },
    'The audit trail has another #9 than the one published earlier: the store was rolled back.',
  ],
])('what is lost is said: %#', (lost, sentence) => {
  expect(describeLost(lost)).toBe(sentence);
});

test('an accepted restore goes on above every number that was ever given', () => {
  const { hash } = LOST.known;
  expect(acceptanceOf(LOST, 'backup')).toEqual({ after: 5, through: 9, hash, reason: 'backup' });
  const longer = { found: { ...LOST.found, seq: 12 }, known: LOST.known };
  expect(acceptanceOf(longer, 'backup')).toMatchObject({ after: 12, through: 12 });
});

describe('a record says that records were lost', () => {
  const record = { seq: 10, event: 'audit.restore_accepted', data: { ...acceptanceOf(LOST, 'backup') } };

  test('when it stands right after the last one of them', () => {
    expect(restoreIn(record)).toEqual(record.data);
  });

  test.each([
    ['it is of another kind', { ...record, event: 'audit.checkpoint' }],
    ['it stands elsewhere', { ...record, seq: 11 }],
    ['it names none', { ...record, data: { ...record.data, after: 9 } }],
    ['it does not say which', { ...record, data: {} }],
  ])('but not when %s', (_, other) => {
    expect(restoreIn(other)).toBeUndefined();
  });
});

describe('an anchor of a record that was lost in a restore', () => {
  const accepted = chain(
    {
      atMs: 1,
      event: 'audit.restore_accepted',
      actor: 'bot',
      data: { ...acceptanceOf(LOST, 'backup') },
    },
    10,
    LOST.found.hash,
  );
  const trail = [...KEPT, accepted];
  const gone = BEFORE.slice(5).map(anchorOf);

  test('is lost, as long as an anchor vouches for the record that says so', () => {
    const anchors = [...BEFORE.map(anchorOf), anchorOf(accepted)];
    expect(kinds(trail, anchors)).toEqual([...KEPT.map(() => 'ok'), ...gone.map(() => 'lost'), 'ok']);
  });

  test('is missing when nothing vouches for that: whoever writes the store can write such a record', () => {
    expect(verdicts(trail, gone)).toEqual(
      gone.map(() => ({
        kind: 'missing',
        why: '#10 says that it was lost in a restore, and no anchor confirms that',
      })),
    );
    const forged = { ...anchorOf(accepted), hash: 'f'.repeat(64) };
    expect(kinds(trail, [...gone, forged])).toEqual([...gone.map(() => 'missing'), 'differs']);
  });

  test('differs when it is of the last one that was lost and has another hash', () => {
    const last = { seq: 9, hash: 'f'.repeat(64) };
    expect(verdicts(trail, [last, anchorOf(accepted)])).toEqual([
      { kind: 'differs', hash: LOST.known.hash },
      { kind: 'ok' },
    ]);
    // Of the others nobody knows the hash.
    expect(kinds(trail, [{ ...last, seq: 8 }, anchorOf(accepted)])).toEqual(['lost', 'ok']);
  });

  test('is missing when that record does not follow what it says to follow', () => {
    expect(kinds([...BEFORE.slice(0, 4), accepted], [...gone, anchorOf(accepted)])).toEqual([
      ...gone.map(() => 'missing'),
      'differs',
    ]);
  });

  test('is missing when a restore that happened says that it follows another record', () => {
    const [last] = KEPT.slice(-1);
    const data = { ...acceptanceOf(LOST, 'backup'), after: 3 };
    const other = chain(
      { atMs: 1, event: 'audit.restore_accepted', actor: 'bot', data },
      10,
      last?.hash ?? '',
    );
    expect(kinds([...KEPT, other], [...gone, anchorOf(other)])).toEqual([...gone.map(() => 'missing'), 'ok']);
  });

  test('is no excuse for a record that was taken out elsewhere', () => {
    expect(verdicts(trail.toSpliced(1, 1), BEFORE.slice(1, 2).map(anchorOf))).toEqual([
      { kind: 'missing', why: 'the trail has no such record' },
    ]);
  });

  test('was never there when its number is the one of the record before', () => {
    expect(kinds(trail, [{ ...LOST.found, hash: 'f'.repeat(64) }, anchorOf(accepted)])).toEqual([
      'differs',
      'ok',
    ]);
  });
});

function verdicts(records: readonly AuditRecord[], anchors: readonly Anchor[]) {
  const found = anchors.map((anchor) => ({ anchor, where: 'the test' }));
  const comparison = compareAnchors(found, {});
  for (const record of records) comparison.take(record);
  return comparison.end().judged.map(({ verdict }) => verdict);
}

function kinds(records: readonly AuditRecord[], anchors: readonly Anchor[]): readonly string[] {
  return verdicts(records, anchors).map(({ kind }) => kind);
}
