import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cut, wellFormed } from '../../src/domain/cut.ts';
import { type AuditRecord, chain, EVENTS, GENESIS } from '../../src/domain/record.ts';
import { auditRecordSchema } from '../../src/domain/record-schema.ts';
import { verifyChain } from '../../src/domain/verify-chain.ts';

/** A trail of so many records. */
function trail(count: number): AuditRecord[] {
  const records: AuditRecord[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const event = EVENTS[seq % EVENTS.length] ?? 'bot.started';
    const draft = {
      atMs: seq * 1000,
      event,
      actor: 'bot' as const,
      change: `BGP-${seq}`,
      data: { seq, node: 'worker1' },
    };
    records.push(chain(draft, seq, records.at(-1)?.hash ?? GENESIS));
  }
  return records;
}

function faultsIn(records: readonly AuditRecord[]): readonly number[] {
  const check = verifyChain();
  for (const record of records) check.take(record);
  return check.end().faults.map(({ seq }) => seq);
}

describe('the audit trail', () => {
  test('is whole when nothing was touched, and tells its head', () => {
    const records = trail(20);
    const check = verifyChain();
    for (const record of records) check.take(auditRecordSchema.parse(JSON.parse(JSON.stringify(record))));
    expect(check.end()).toEqual({ records: 20, head: { seq: 20, hash: records.at(-1)?.hash }, faults: [] });
  });

  test('shows a changed byte, wherever it stands', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 19 }),
        fc.constantFrom('target', 'event', 'data', 'at', 'actor'),
        (at, field) => {
          const records = trail(20);
          const record = records[at];
          if (record === undefined) return;
          const forged = {
            target: 'other',
            event: record.event === 'bot.stopped' ? 'bot.started' : 'bot.stopped',
            data: { seq: 0 },
            at: '2020-01-01',
            actor: { user: 'U1', team: 'T1' },
          } as const;
          records[at] = { ...record, [field]: forged[field] };
          expect(faultsIn(records)).toContain(record.seq);
        },
      ),
    );
  });

  test('shows a removed record, a swapped pair, and a forged one with a right hash of its own', () => {
    const records = trail(10);
    expect(faultsIn(records.toSpliced(4, 1))).not.toEqual([]);
    const [a, b, c, ...rest] = records;
    if (a === undefined || b === undefined || c === undefined) throw new Error('too short');
    expect(faultsIn([a, c, b, ...rest])).not.toEqual([]);
    const forged = chain({ atMs: 5, event: 'change.approved', actor: 'bot' }, 5, records[3]?.hash ?? '');
    expect(faultsIn(records.with(4, forged))).toContain(6);
  });
});

describe('text for the trail', () => {
  test('is cut by whole characters', () => {
    expect(cut('ab🙂', 3)).toBe('ab\ufffd');
    expect(cut('ab🙂', 4)).toBe('ab🙂');
    expect(wellFormed('\ud83d')).toBe('\ufffd');
  });

  test('can always be recorded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(300), (text, limit) => {
        chain(
          { atMs: 0, event: 'request.refused', actor: 'bot', data: { said: cut(text, limit) } },
          1,
          GENESIS,
        );
      }),
    );
  });
});
