import { expect, test } from '@jest/globals';
import {
  type AuditRecord,
  chain,
  GENESIS,
  hashOf,
  type RecordDraft,
} from '../../../../src/domain/audit/record.ts';
import { anchorOf, aTrail, chained, check, fileOf } from './trails.ts';

const TRAIL = aTrail(8);

/** The records with these numbers, in this order. */
function only(...numbers: readonly number[]): readonly AuditRecord[] {
  return numbers.map((seq) => record(seq));
}

function record(seq: number): AuditRecord {
  const found = TRAIL[seq - 1];
  if (found === undefined) throw new Error(`there is no record ${seq}`);
  return found;
}

function sealed(given: AuditRecord): AuditRecord {
  return { ...given, hash: hashOf(given) };
}

/** What says that the records in between were lost. */
function restored(lost: { readonly after: number; readonly through: number }): RecordDraft {
  const data = { ...lost, hash: GENESIS, reason: 'a backup' };
  return { atMs: 0, event: 'audit.restore_accepted', actor: 'bot', data };
}

const ALL = [1, 2, 3, 4, 5, 6, 7, 8];
const STRANGE = chained(
  Array.from({ length: 3 }, (_, atMs) => ({ atMs, event: 'bot.started', actor: 'bot' })),
)[2];

test.each<[string, readonly AuditRecord[], readonly string[]]>([
  ['nothing of a whole trail', only(...ALL), []],
  ['one missing record', only(1, 2, 4, 5, 6, 7, 8), ['Record 3 is missing: record 4 comes next.']],
  ['several missing records', only(1, 2, 6, 7, 8), ['Records 3 to 5 are missing: record 6 comes next.']],
  [
    'records that are missing before the last one',
    only(1, 2, 8),
    ['Records 3 to 7 are missing: record 8 comes next.'],
  ],
  ['a record twice in a row', only(1, 2, 2, 3, 4, 5, 6, 7, 8), ['Record 2 occurs twice.']],
  [
    'a record that stands there again later',
    only(1, 2, 3, 4, 2, 5, 6, 7, 8),
    ['Record 5 is not in its place: record 2 is there.'],
  ],
  [
    'once that a record stands too early',
    only(1, 5, 2, 3, 4, 6, 7, 8),
    ['Record 2 is not in its place: record 5 is there.'],
  ],
  [
    'a record that stands too early, and the copy in its own place not',
    only(1, 3, 2, 3, 4, 5, 6, 7, 8),
    ['Record 2 is not in its place: record 3 is there.'],
  ],
  [
    'a record that stands too early beside one that occurs twice',
    only(1, 3, 2, 2, 4, 5, 6, 7, 8),
    ['Record 2 is not in its place: record 3 is there.', 'Record 2 occurs twice.'],
  ],
  [
    'two records that changed places',
    only(1, 5, 3, 4, 2, 6, 7, 8),
    ['Record 2 is not in its place: record 5 is there.', 'Record 5 is not in its place: record 2 is there.'],
  ],
  [
    'the first two records that changed places',
    only(2, 1, 3, 4, 5, 6, 7, 8),
    ['Record 1 is not in its place: record 2 is there.'],
  ],
  [
    'two records too early, one after the other',
    only(1, 4, 2, 5, 3, 6, 7, 8),
    ['Record 2 is not in its place: record 4 is there.', 'Record 3 is not in its place: record 5 is there.'],
  ],
  [
    'a record of another trail, by its number a record that was there',
    [...only(1, 2, 3), ...(STRANGE === undefined ? [] : [STRANGE]), ...only(4, 5, 6, 7, 8)],
    ['Record 4 is not in its place: record 3 is there.'],
  ],
  [
    'a record whose content and hash were made anew',
    [...only(1, 2), sealed({ ...record(3), data: {} }), ...only(4, 5, 6, 7, 8)],
    ['Record 4 does not follow from record 3: one of the two belongs to another trail or was rewritten.'],
  ],
  [
    'a beginning that is none',
    [sealed({ ...record(1), prev: 'f'.repeat(64) })],
    ['Record 1 does not begin a trail: the hash before it is not 64 zeros.'],
  ],
  [
    'a changed number as a change of the record that stands there',
    [...only(1, 2), { ...record(3), seq: 7 }, ...only(4, 5, 6, 7, 8)],
    ['Record 3 was changed: its hash does not match its content.'],
  ],
  [
    'a changed number where the record before it stands too early',
    [...only(1, 5), { ...record(2), seq: 9 }, ...only(3, 4, 6, 7, 8)],
    [
      'Record 2 is not in its place: record 5 is there.',
      'Record 2 was changed: its hash does not match its content.',
    ],
  ],
  [
    'missing records, though a record that does not follow says that they were lost in a restore',
    [...only(1, 2, 3, 4), chain(restored({ after: 4, through: 9 }), 10, record(3).hash)],
    ['Records 5 to 9 are missing: record 10 comes next.'],
  ],
  [
    'a changed number whose hash was made anew as a gap',
    [...only(1, 2), sealed({ ...record(3), seq: 7 })],
    ['Records 3 to 6 are missing: record 7 comes next.'],
  ],
])('of a file that has it verify tells %s', async (_, records, sentences) => {
  const { findings } = await check(fileOf(records));
  expect(findings.map(({ sentence }) => sentence)).toEqual(sentences);
});

test.each<[string, (lines: readonly string[]) => readonly string[], string]>([
  [
    'an empty line in the place of a record',
    (lines) => lines.with(2, ''),
    'Record 3 cannot be read: line 3 is not a record, it is empty.',
  ],
  [
    'several such lines as one',
    (lines) => lines.with(2, ' ').with(3, 'x'),
    'Record 3 cannot be read: lines 3 to 4 are not records, it is empty.',
  ],
  [
    'a first line that is none',
    (lines) => lines.with(0, 'x'),
    'Record 1 cannot be read: line 1 is not a record, it is not JSON as the bot writes it.',
  ],
  [
    'a last line that is none',
    (lines) => lines.with(7, 'null'),
    'Record 8 cannot be read: line 8 is not a record, it does not have the form of a record.',
  ],
  [
    'a record without a field of its format, whatever its hash',
    (lines) => {
      const { at: _, ...rest } = record(3);
      return lines.with(2, JSON.stringify({ ...rest, hash: hashOf(rest) }));
    },
    'Record 3 cannot be read: line 3 is not a record, it does not have the form of a record.',
  ],
  [
    'a blank that was put in',
    (lines) => lines.with(2, ` ${lines[2]}`),
    'Record 3 was changed: its line is not written as the bot writes it.',
  ],
])('verify tells %s', async (_, change, sentence) => {
  const lines = TRAIL.map((one) => JSON.stringify(one));
  const { findings, first } = await check(Buffer.from(change(lines).join('\n')));
  expect(findings.map((one) => one.sentence)).toEqual([sentence]);
  expect(first).toMatchObject({ seq: 1, prev: GENESIS });
});

test('however many records stand too early, each is told once or twice, and nothing else', async () => {
  const long = aTrail(2_004);
  const early = long.slice(1_002, 2_003);
  const pairs = early.flatMap((one, at) => [one, ...long.slice(at + 1, at + 2)]);
  const file = fileOf([...long.slice(0, 1), ...pairs, ...long.slice(2_003)]);
  const { findings, findingCount } = await check(file);
  expect(findings[0]?.sentence).toBe('Record 2 is not in its place: record 1003 is there.');
  // A thousand of them are remembered.
  expect(findingCount).toBe(1_002);
});

test('the head is the record with the highest number, the first one of its kind', async () => {
  expect((await check(fileOf(only(1, 3, 2)))).head).toEqual(anchorOf(record(3)));
  expect((await check(fileOf(only(1, 3, 2)))).lastAnnounced).toEqual(anchorOf(record(3)));
  const other = sealed({ ...record(2), data: {} });
  expect((await check(fileOf([...only(1, 2), other]))).head).toEqual(anchorOf(record(2)));
});

test('a trail goes on behind an accepted restore, which something outside has to vouch for', async () => {
  const accepted = chain(restored({ after: 4, through: 9 }), 10, record(4).hash);
  const next = chain({ atMs: 1, event: 'bot.started', actor: 'bot' }, 11, accepted.hash);
  const file = fileOf([...only(1, 2, 3, 4), accepted, next]);
  const gone = [5, 7, 9].map((seq) => ({ seq, hash: 'f'.repeat(64) }));
  const vouched = await check(file, { anchors: [anchorOf(record(4)), ...gone, anchorOf(accepted)] });
  expect(vouched.findings).toEqual([]);
  expect(vouched.restores).toEqual([{ seq: 10, from: 5, through: 9 }]);
  expect(vouched.anchors).toMatchObject({ agreed: 2, notCompared: [5, 7, 9] });
  const unvouched = await check(file, { anchors: [anchorOf(record(4))] });
  expect(unvouched.findings).toHaveLength(1);
  const beyond = await check(file, { anchors: [...gone, { seq: 99, hash: 'f'.repeat(64) }] });
  expect(beyond.anchors.notCompared).toEqual([5, 7, 9]);
});

test('a whole trail of one change alone is whole, and no selection', async () => {
  const one = chained(
    [1, 2, 3].map((atMs) => ({ atMs, event: 'bot.started', actor: 'bot', change: 'BGP-1' })),
  );
  expect(await check(fileOf(one))).toMatchObject({ extent: 'whole', findings: [] });
});
