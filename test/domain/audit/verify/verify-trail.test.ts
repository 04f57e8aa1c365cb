import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type AuditRecord, EVENTS, hashOf } from '../../../../src/domain/audit/record.ts';
import { signHead } from '../../../../src/domain/audit/signed-head.ts';
import { anchorOf, anyTrail, aTrail, chained, check, fileOf } from './trails.ts';

/** The first wrong record is the one whose place in the file is the first that is not as it was. */
async function expectFirstWrong(file: Buffer, seq: number, given = {}): Promise<void> {
  expect(await firstWrong(file, given)).toBe(seq);
}

/** The number of the first wrong record, or what is said of it when that is no sentence. */
async function firstWrong(file: Buffer, given = {}): Promise<number | string | undefined> {
  const [first] = (await check(file, given)).findings;
  return /^(?:Record|Records) \d.*\.$/s.test(first?.sentence ?? '') ? first?.seq : first?.sentence;
}

const RUNS = { numRuns: 40 };

/** Other trails each time that this file is run; all tests take theirs of these, because most of the work is to make them. */
const TRAILS = fc.sample(anyTrail(1), 80);

function oneOfThem(min: number): fc.Arbitrary<readonly AuditRecord[]> {
  return fc.constantFrom(...TRAILS.filter(({ length }) => length >= min));
}

/** A trail and one place in it. */
const trailAndPlace = (min = 2) =>
  oneOfThem(min).chain((records) => fc.tuple(fc.constant(records), fc.nat(records.length - 1)));

describe('a trail of any records', () => {
  test('is whole when nothing was touched, however it is read', async () => {
    await fc.assert(
      fc.asyncProperty(oneOfThem(1), fc.integer({ min: 1, max: 5_000 }), async (records, chunk) => {
        const head = anchorOf(records.at(-1));
        const report = await check(fileOf(records), { anchors: [head] }, chunk);
        expect(report).toMatchObject({
          extent: 'whole',
          records: records.length,
          findings: [],
          findingCount: 0,
          head,
        });
        expect(report.anchors.agreed).toBe(1);
      }),
      RUNS,
    );
  });

  test('shows any byte that was changed, wherever it stands', async () => {
    const bytes = trailAndPlace().chain(([records]) => {
      const file = fileOf(records);
      return fc.tuple(fc.constant(file), fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }));
    });
    await fc.assert(
      fc.asyncProperty(bytes, async ([file, at, by]) => {
        const changed = Buffer.from(file);
        changed[at] = ((file[at] ?? 0) + by) % 256;
        await expectFirstWrong(changed, lineAt(file, at));
      }),
      { numRuns: 100 },
    );
  });

  test('shows any byte that was removed or put in', async () => {
    const places = trailAndPlace().chain(([records]) => {
      const file = fileOf(records);
      // Not the last line feed, which may be missing.
      return fc.tuple(fc.constant(file), fc.nat(file.length - 2), fc.nat(255));
    });
    await fc.assert(
      fc.asyncProperty(places, async ([file, at, byte]) => {
        await expectFirstWrong(
          Buffer.concat([file.subarray(0, at), file.subarray(at + 1)]),
          lineAt(file, at),
        );
        const more = Buffer.concat([file.subarray(0, at), Buffer.from([byte]), file.subarray(at)]);
        await expectFirstWrong(more, lineAt(file, at));
      }),
      RUNS,
    );
  });

  test('is whole without its last line feed', async () => {
    const { extent, findingCount } = await check(fileOf(aTrail(3)).subarray(0, -1));
    expect([extent, findingCount]).toEqual(['whole', 0]);
  });

  test('shows every bit of one trail, each in its turn', async () => {
    const file = fileOf(aTrail(2));
    const seen: unknown[] = [];
    for (let at = 0; at < file.length; at += 1) {
      const changed = Buffer.from(file);
      changed[at] = (file[at] ?? 0) ^ (1 << (at % 8));
      seen.push(await firstWrong(changed));
    }
    expect(seen).toEqual(Array.from(file, (_, at) => lineAt(file, at)));
  });

  test('shows a record that was removed, and names it', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(3), async ([records, at]) => {
        // The last one leaves no gap: that needs an anchor.
        if (at === records.length - 1) return;
        await expectFirstWrong(fileOf(records.toSpliced(at, 1)), at + 1);
      }),
      RUNS,
    );
  });

  test('shows two records that changed places, wherever they stood', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(), fc.nat(11), async ([records, one], other) => {
        const [low, high] = [one, other % records.length].sort((a, b) => a - b);
        const [first, second] = [records[low ?? 0], records[high ?? 0]];
        if (first === undefined || second === undefined || low === high) return;
        const swapped = records.with(first.seq - 1, second).with(second.seq - 1, first);
        await expectFirstWrong(fileOf(swapped), first.seq);
      }),
      RUNS,
    );
  });

  test('shows a record that stands twice, next to itself or elsewhere', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(), fc.nat(12), async ([records, at], to) => {
        const place = to % (records.length + 1);
        const doubled = records.toSpliced(place, 0, ...records.slice(at, at + 1));
        // A copy right before the record itself is the same file as one right after it.
        await expectFirstWrong(fileOf(doubled), place === at ? at + 2 : place + 1);
      }),
      RUNS,
    );
  });

  test('shows a record of another chain, put in or in the place of one', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(), aStrange(), fc.nat(12), async ([records, at], others, from) => {
        const strange = others.slice(from % others.length).slice(0, 1);
        if (records.some(({ hash }) => hash === strange[0]?.hash)) return;
        // A first record may begin any trail: whether it or the second one is strange here cannot be told.
        const seen = at === 0 && strange[0]?.seq === 1 ? 2 : at + 1;
        await expectFirstWrong(fileOf(records.toSpliced(at, 0, ...strange)), seen);
        await expectFirstWrong(fileOf(records.toSpliced(at, 1, ...strange)), seen);
      }),
      RUNS,
    );
  });

  test('shows a field that was added, and a record that was sealed anew', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(3), async ([records, at]) => {
        const record = records[at];
        if (record === undefined) return;
        const more = { ...record, note: 'added' };
        await expectFirstWrong(fileOf(records.with(at, more)), at + 1);
        const sealed = { ...more, hash: hashOf(more) };
        // With its hash made anew it is consistent in itself: what can be seen is that the next one does not follow.
        if (at < records.length - 1) await expectFirstWrong(fileOf(records.with(at, sealed)), at + 2);
        else
          await expectFirstWrong(fileOf(records.with(at, sealed)), at + 1, { anchors: [anchorOf(record)] });
      }),
      RUNS,
    );
  });

  test('lesson 27: a chain alone does not show a cut-off tail, an anchor does', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(), async ([records, at]) => {
        if (at === 0) return;
        const clipWellFormed = fileOf(records.slice(0, at));
        expect((await check(clipWellFormed)).findingCount).toBe(0);
        await expectFirstWrong(clipWellFormed, at + 1, { anchors: [anchorOf(records.at(-1))] });
      }),
      RUNS,
    );
  });

  test('lesson 27: a chain alone does not show a forged end, an anchor does, and two tell where it begins', async () => {
    await fc.assert(
      fc.asyncProperty(trailAndPlace(3), aStrange(), async ([records, at], others) => {
        const kept = records.slice(0, at);
        const drafts = others.map(({ data }) => ({
          atMs: 5,
          event: 'change.approved' as const,
          actor: 'bot' as const,
          data,
        }));
        const forged = [...kept, ...chained([...drafts, ...drafts, ...drafts], kept.at(-1))];
        if (forged.length < records.length) return;
        expect((await check(fileOf(forged))).findingCount).toBe(0);
        const anchors = [anchorOf(records.at(-1))];
        // Where the forging begins cannot be seen from its end alone: the anchored record is named, and what lies before.
        await expectFirstWrong(fileOf(forged), records.length, { anchors });
        if (at === 0) return;
        const both = await check(fileOf(forged), { anchors: [...anchors, anchorOf(records[at - 1])] });
        expect(both.findings[0]?.sentence).toContain(`after record ${at}, up to record ${records.length}`);
      }),
      RUNS,
    );
  });
});

/** Another trail. */
function aStrange(): fc.Arbitrary<readonly AuditRecord[]> {
  return oneOfThem(2).map((records) =>
    chained(
      records.map(({ event, data }, at) => ({
        atMs: at,
        event: EVENTS.find((one) => one === event) ?? 'bot.started',
        actor: 'bot' as const,
        data: { ...data, strange: at },
      })),
    ),
  );
}

/** The record in whose line this byte of a trail's file stands. */
function lineAt(file: Buffer, at: number): number {
  return file.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
}

describe('a part of a trail', () => {
  const records: readonly AuditRecord[] = aTrail(12);
  const part = fileOf(records.slice(4));

  test('is no whole trail, and says what to give', async () => {
    const { extent, findings, findingCount } = await check(part);
    expect(extent).toBe('part');
    expect(findingCount).toBe(1);
    expect(findings[0]).toMatchObject({ seq: 1 });
    expect(findings[0]?.sentence).toContain('Records 1 to 4 are missing: the file begins with record 5;');
    expect(findings[0]?.sentence).toContain(`--anchor 4:${records[3]?.hash}`);
  });

  test('from the second record on lacks one record', async () => {
    const { findings } = await check(fileOf(records.slice(1)));
    expect(findings[0]?.sentence).toContain('Record 1 is missing: the file begins with record 2;');
  });

  test('in which records are missing is one too, whatever its first record is of', async () => {
    const { extent, change, findings } = await check(fileOf([...records.slice(1, 3), ...records.slice(5)]));
    expect(extent).toBe('part');
    expect(change).toBeUndefined();
    expect(findings.map(({ seq }) => seq)).toEqual([1, 4]);
  });

  test('is accepted with the anchor of the record before it, and not with a wrong one', async () => {
    const anchor = anchorOf(records[3]);
    expect(await check(part, { anchors: [anchor] })).toMatchObject({ extent: 'part', findingCount: 0 });
    const wrong = await check(part, { anchors: [{ ...anchor, hash: 'f'.repeat(64) }] });
    expect(wrong.findings.map(({ seq }) => seq)).toEqual([1, 4]);
  });

  test('lesson 58: is accepted when a checkpoint within closes what was removed and an anchor or a signature vouches for it', async () => {
    const closing = (through: number, hash: string | undefined) => [
      ...records.slice(4),
      ...chained(
        [{ atMs: 1, event: 'audit.checkpoint', actor: 'bot', data: { through, hash } }],
        records.at(-1),
      ),
    ];
    const vouched = (trail: readonly AuditRecord[]) =>
      check(fileOf(trail), { anchors: [anchorOf(trail.at(-1))] });
    const right = closing(4, records[3]?.hash);
    expect(await vouched(right)).toMatchObject({ extent: 'part', findingCount: 0, checkpoint: 13 });
    expect((await vouched(closing(4, records[2]?.hash))).findingCount).toBe(1);
    expect((await vouched(closing(3, records[3]?.hash))).findingCount).toBe(1);

    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const signed = [
      ...right,
      ...chained(
        [
          {
            atMs: 2,
            event: 'audit.signed',
            actor: 'bot',
            data: { ...signHead(privateKey, anchorOf(right.at(-1))) },
          },
        ],
        right.at(-1),
      ),
    ];
    expect(await check(fileOf(signed), { publicKey })).toMatchObject({ findingCount: 0, checkpoint: 13 });
  });

  test('lesson 58: a checkpoint that nothing outside vouches for closes nothing: whoever can write the trail can write it', async () => {
    const last = records.at(-1);
    const data = { through: 4, hash: records[3]?.hash };
    const forged = [
      ...records.slice(4),
      ...chained([{ atMs: 1, event: 'audit.checkpoint', actor: 'bot', data }], last),
    ];
    for (const anchors of [[], [anchorOf(last)]]) {
      const { findings, checkpoint } = await check(fileOf(forged), { anchors });
      expect(checkpoint).toBeUndefined();
      expect(findings.map(({ sentence }) => sentence)).toEqual([
        expect.stringContaining(
          'the checkpoint in record 13 says so, and nothing outside the trail confirms it',
        ),
      ]);
    }
  });

  test('cannot be compared with anchors of what it does not have, and says so', async () => {
    const anchors = [1, 3, 7].map((at) => anchorOf(records[at]));
    const { findingCount, anchors: compared } = await check(part, { anchors });
    expect(compared).toMatchObject({ agreed: 2, notCompared: [2], closes: true });
    expect(findingCount).toBe(0);
  });

  test('that lost its first line to a changed byte is not closed by any anchor', async () => {
    const broken = Buffer.from(part);
    broken[0] = 0x20;
    const { findings, first, anchors } = await check(broken, { anchors: [anchorOf(records[3])] });
    expect(findings.map(({ seq }) => seq)).toEqual([1, 5]);
    expect(findings[0]?.sentence).toContain('the file begins with record 5; export it again.');
    expect(first).toEqual({ seq: 5, prev: undefined });
    expect(anchors.notCompared).toEqual([4]);
  });
});

describe('the records of one change', () => {
  const records = aTrail(40);
  const mine = records.filter(({ change }) => change === 'BGP-3');

  test('are a selection, each unchanged, and never said to be whole', async () => {
    const report = await check(fileOf(mine));
    expect(report).toMatchObject({
      extent: 'selection',
      findingCount: 0,
      change: { id: 'BGP-3', said: false },
    });
    expect(
      await check(fileOf(mine), { change: 'BGP-3', anchors: [anchorOf(mine[2]), anchorOf(records[38])] }),
    ).toMatchObject({
      findingCount: 0,
      change: { said: true },
      anchors: { agreed: 1, notCompared: [39] },
    });
  });

  test('are a selection even when there are two of them', async () => {
    const report = await check(fileOf(mine.slice(0, 2)));
    expect(report).toMatchObject({ extent: 'selection', findings: [], change: { id: 'BGP-3' } });
  });

  test('show a changed byte, a swapped pair, a doubled record and one of another change', async () => {
    const [a, b, c, d] = mine;
    if (a === undefined || b === undefined || c === undefined || d === undefined)
      throw new Error('too short');
    const changed = { ...c, data: { note: 'worker9' } };
    expect((await check(fileOf([a, b, changed, d]))).findings).toMatchObject([{ seq: c.seq }]);
    expect((await check(fileOf([a, c, b, d]))).findingCount).toBe(1);
    expect((await check(fileOf([a, b, b, c, d]))).findingCount).toBe(1);
    const other = records.slice(1, 2);
    expect((await check(fileOf([...other, ...mine]), { change: 'BGP-3' })).findings).toMatchObject([
      { seq: 2 },
    ]);
  });
});

describe('what a later program wrote', () => {
  test('an event, a field and a format that are not known here yet verify, and are protected', async () => {
    const [first] = aTrail(1);
    if (first === undefined) throw new Error('too short');
    const seal = (record: object) => ({ ...record, hash: hashOf(record) });
    const second = seal({ ...first, seq: 2, event: 'change.teleported', where: 'to', prev: first.hash });
    const third = seal({ v: 2, seq: 3, what: { is: ['new'] }, prev: second.hash });
    const file = Buffer.from([first, second, third].map((record) => `${JSON.stringify(record)}\n`).join(''));
    expect(await check(file)).toMatchObject({
      records: 3,
      findingCount: 0,
      ofLaterFormat: 1,
      extent: 'whole',
    });
    const changed = Buffer.from(file.toString().replace('"new"', '"old"'));
    await expectFirstWrong(changed, 3);
  });
});

test('a file of which nothing is left to read is not whole', async () => {
  const joined = Buffer.from(fileOf(aTrail(2)).toString().replace('\n', '\v'));
  expect(await check(joined)).toMatchObject({ records: 0, findings: [{ seq: 1 }] });
});

test('at most 20 findings are kept, the first ones, and the others counted', async () => {
  const records = aTrail(100).map((record) => ({ ...record, data: {} }));
  const { findings, findingCount } = await check(fileOf(records));
  expect(findings.map(({ seq }) => seq)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
  expect(findingCount).toBe(100);
});

test('a line that never ends does not fill the memory', async () => {
  const { findings, records } = await check(
    Buffer.concat([fileOf(aTrail(1)), Buffer.alloc(17 * 1024 * 1024, 0x61), fileOf([]), Buffer.from('\n')]),
    {},
    1024 * 1024,
  );
  expect(records).toBe(1);
  expect(findings).toMatchObject([{ seq: 2 }]);
});
