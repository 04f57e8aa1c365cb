import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Anchor, anchorText, readAnchor } from '../../../src/domain/audit/anchor.ts';
import { compareAnchors } from '../../../src/domain/audit/compare-anchors.ts';
import { type AuditRecord, chain, GENESIS, type RecordDraft } from '../../../src/domain/audit/record.ts';
import type { Retention } from '../../../src/domain/audit/retention.ts';

describe('anchors against the trail', () => {
  test('of a trail that nobody touched, every anchor is ok', () => {
    const records = trail(20);
    expect(kinds(records, records.map(anchorOf))).toEqual(records.map(() => 'ok'));
  });

  test('the first 20 digits of a hash do as well as all of them, and no other digits do', () => {
    const records = trail(5);
    const told = records.map(({ seq, hash }) => ({ seq, hash: hash.slice(0, 20) }));
    expect(kinds(records, told)).toEqual(records.map(() => 'ok'));
    fc.assert(
      fc.property(fc.nat(4), fc.nat(19), (at, digit) => {
        const { seq = 0, hash = '' } = told[at] ?? {};
        const other = hash[digit] === '0' ? '1' : '0';
        const wrong = { seq, hash: hash.slice(0, digit) + other + hash.slice(digit + 1) };
        expect(kinds(records, [wrong])).toEqual(['differs']);
      }),
    );
    expect(kinds(records, [{ seq: 3, hash: records[2]?.hash.slice(0, 19) ?? '' }])).toEqual(['differs']);
    expect(readAnchor(`3:${'a'.repeat(20)}`)).toEqual({ seq: 3, hash: 'a'.repeat(20) });
    for (const digits of [0, 19, 21, 63, 65]) expect(readAnchor(`3:${'a'.repeat(digits)}`)).toBeUndefined();
  });

  test('a forged record makes its anchor and every later one differ, even when its own hash is written right', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 19 }), fc.boolean(), (at, resealed) => {
        const records = trail(20);
        const anchors = records.map(anchorOf);
        const record = records[at];
        if (record === undefined) return;
        const draft = { ...draftOf(record.seq), change: 'BGP-forged' };
        const forged = chain(draft, record.seq, record.prev);
        const found = kinds(records.with(at, resealed ? forged : { ...forged, hash: record.hash }), anchors);
        expect(found).toEqual(anchors.map((_, index) => (index < at ? 'ok' : 'differs')));
      }),
    );
  });

  test('a suffix that was forged whole, hash by hash, differs from where it begins', () => {
    const records = trail(20);
    const kept = records.slice(0, 12);
    const forged = trail(8, { from: kept, note: 'forged' });
    expect(kinds([...kept, ...forged], records.map(anchorOf)).indexOf('differs')).toBe(12);
  });

  test('a cut tail is missing, a record taken out is missing and what follows differs', () => {
    const records = trail(10);
    const anchors = records.map(anchorOf);
    expect(kinds(records.slice(0, 7), anchors)).toEqual([
      ...Array(7).fill('ok'),
      ...Array(3).fill('missing'),
    ]);
    expect(kinds(records.toSpliced(4, 1), anchors)).toEqual([
      ...Array(4).fill('ok'),
      'missing',
      ...Array(5).fill('differs'),
    ]);
    expect(kinds([], anchors)).toEqual(anchors.map(() => 'missing'));
  });

  test('a missing record is told with what is wrong with the trail there', () => {
    const records = trail(10);
    const why = (kept: readonly AuditRecord[], seq: number) =>
      verdicts(kept, records.slice(seq - 1, seq).map(anchorOf));
    expect(why([], 4)).toEqual([{ kind: 'missing', why: 'the trail is empty' }]);
    expect(why(records.slice(0, 7), 8)).toEqual([
      { kind: 'missing', why: 'the trail ends with #7: its tail was cut off' },
    ]);
    expect(why(records.toSpliced(4, 1), 5)).toEqual([
      { kind: 'missing', why: 'the trail has no such record' },
    ]);
    expect(why(records.slice(5), 5)).toEqual([
      { kind: 'missing', why: 'the trail begins with #6, and no checkpoint closes what was removed' },
    ]);
  });

  test('a trail without its first record is faulty, though no anchor is of that one', () => {
    expect(compared(trail(5).slice(1), []).findings).toEqual([
      'the trail begins with #2, and no checkpoint closes what was removed',
    ]);
  });

  test('a missing record of a trail whose beginning a checkpoint closes is not taken for one that was removed', () => {
    const removed = trail(5);
    const hash = removed[4]?.hash ?? '';
    const rest = trail(4, { from: removed, event: 'audit.checkpoint', data: { through: 5, hash } });
    expect(kinds(rest.toSpliced(1, 1), rest.map(anchorOf))).toEqual(['ok', 'missing', 'differs', 'differs']);
  });

  describe('lesson 58: a checkpoint counts only when it was told outside Redis', () => {
    const removed = trail(5);
    const gone = removed.map(anchorOf);
    const hash = removed[4]?.hash ?? '';
    const closed = (through: number, of: string) =>
      trail(3, { from: removed, event: 'audit.checkpoint', data: { through, hash: of } });
    const rest = closed(5, hash);
    const told = rest.slice(0, 1).map(anchorOf);
    const older = ['older', 'older', 'older', 'older'];

    test('with an anchor of it or of a later record, what it names is older than what is kept', () => {
      expect(kinds(rest, [...gone, ...told])).toEqual([...older, 'ok', 'ok']);
      expect(kinds(rest, [...gone, ...rest.slice(2).map(anchorOf)])).toEqual([...older, 'ok', 'ok']);
      expect(compared(rest, told).findings).toEqual([]);
    });

    test('without one, what it names is missing, and the beginning of the trail is a fault even with no anchor', () => {
      const why =
        'the trail begins with #6, and no anchor confirms the checkpoint in #6, which says what was removed';
      expect(verdicts(rest, gone)).toEqual(gone.map(() => ({ kind: 'missing', why })));
      expect(compared(rest, [])).toEqual({ judged: [], findings: [why] });
      const forged = [{ seq: 7, hash: 'f'.repeat(64) }];
      expect(compared(rest, forged).findings).toEqual([why]);
    });

    test('where nothing is ever removed by the settings, none counts', () => {
      const why = 'the trail begins with #6, and by the settings nothing is ever removed';
      expect(compared(rest, told, {}).findings).toEqual([why]);
      expect(compared(trail(5), [], {}).findings).toEqual([]);
    });

    test('one that names something else closes nothing', () => {
      for (const unclosed of [closed(4, hash), closed(5, 'f'.repeat(64)), trail(3, { from: removed })])
        expect(kinds(unclosed, [...gone, ...unclosed.map(anchorOf)])).toEqual([
          ...gone.map(() => 'missing'),
          ...unclosed.map(() => 'ok'),
        ]);
      expect(kinds(rest, [{ seq: 5, hash: 'f'.repeat(64) }, ...told])).toEqual(['differs', 'ok']);
    });
  });
});

test('an anchor is read as it is written, and nothing else is taken for one', () => {
  const anchor = { seq: 12, hash: '0f'.repeat(32) };
  expect(readAnchor(anchorText(anchor))).toEqual(anchor);
  for (const text of ['', '12', `0:${anchor.hash}`, `12:${anchor.hash} `, `-1:${anchor.hash}`, '12:abc'])
    expect(readAnchor(text)).toBeUndefined();
});

function kinds(records: readonly AuditRecord[], anchors: readonly Anchor[]): readonly string[] {
  return verdicts(records, anchors).map(({ kind }) => kind);
}

function verdicts(records: readonly AuditRecord[], anchors: readonly Anchor[]) {
  return compared(records, anchors).judged.map(({ verdict }) => verdict);
}

function compared(
  records: readonly AuditRecord[],
  anchors: readonly Anchor[],
  retention: Retention = { keepRecords: 1_000 },
) {
  const comparison = compareAnchors(
    anchors.map((anchor) => ({ anchor, where: 'the test' })),
    retention,
  );
  for (const record of records) comparison.take(record);
  return comparison.end();
}

function anchorOf({ seq, hash }: AuditRecord): Anchor {
  return { seq, hash };
}

function draftOf(seq: number): RecordDraft {
  return { atMs: seq * 1000, event: 'change.started', actor: 'bot', change: `BGP-${seq}` };
}

/** So many records after those of `from`. */
function trail(
  count: number,
  { from = [], note = '', event = 'change.started' as const, data = {} }: TrailParts = {},
): readonly AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let index = 1; index <= count; index += 1) {
    const seq = from.length + index;
    const before = records.at(-1) ?? from.at(-1);
    records.push(chain({ ...draftOf(seq), event, data: { note, ...data } }, seq, before?.hash ?? GENESIS));
  }
  return records;
}

interface TrailParts {
  readonly from?: readonly AuditRecord[];
  readonly note?: string;
  readonly event?: RecordDraft['event'];
  readonly data?: Readonly<Record<string, unknown>>;
}
