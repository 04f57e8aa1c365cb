import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  ALL_TARGETS,
  type DeclaredFreezes,
  describeFrozen,
  type FreezeWindow,
  findFreeze,
  frozenRefusal,
} from '../../../src/domain/policy/freeze.ts';
import { isTimeZone, wallTime } from '../../../src/domain/policy/wall-time.ts';

const ZONE = 'Europe/Berlin';
const night: FreezeWindow = {
  kind: 'weekly',
  reason: 'nights',
  targets: ['*'],
  commands: ['*'],
  timeZone: ZONE,
  days: ['mon', 'tue', 'wed', 'thu', 'fri'],
  from: '18:00',
  to: '07:00',
};
const yearEnd: FreezeWindow = {
  kind: 'dated',
  reason: 'year-end',
  targets: ['rack'],
  commands: ['rotate', 'restart'],
  timeZone: ZONE,
  from: '2026-12-19 00:00',
  to: '2027-01-07 06:00',
};
const nobody: DeclaredFreezes = new Map();

function frozenAt(window: FreezeWindow, at: string, verb = 'rotate', target = 'rack') {
  return findFreeze(nobody, [window], { verb, target, atMs: Date.parse(at) });
}

describe('a freeze of the calendar', () => {
  test.each([
    ['a weekday before it begins', '2026-11-23T16:59:00Z', false],
    ['the minute it begins', '2026-11-23T17:00:00Z', true],
    ['after midnight', '2026-11-24T02:00:00Z', true],
    ['the minute it ends', '2026-11-24T06:00:00Z', false],
    ['Saturday morning, begun on Friday', '2026-11-28T05:59:00Z', true],
    ['Saturday evening, a day that is not named', '2026-11-28T18:00:00Z', false],
    ['Monday morning, Sunday is not named', '2026-11-30T04:00:00Z', false],
    ['in summer, by the clock of the summer', '2026-07-06T16:00:00Z', true],
  ])('that goes over midnight: %s', (_, at, frozen) => {
    expect(frozenAt(night, at) !== undefined).toBe(frozen);
  });

  test.each([
    ['the minute before it begins', '2026-11-23T07:59:00Z', false],
    ['the minute it begins', '2026-11-23T08:00:00Z', true],
    ['the last minute', '2026-11-23T15:59:00Z', true],
    ['the minute it ends', '2026-11-23T16:00:00Z', false],
    ['the same hour of a day that is not named', '2026-11-28T12:00:00Z', false],
    ['the morning after', '2026-11-24T05:00:00Z', false],
  ])('that is over on the same day: %s', (_, at, frozen) => {
    expect(frozenAt({ ...night, from: '09:00', to: '17:00' }, at) !== undefined).toBe(frozen);
  });

  test('says in its own time zone when it ends', () => {
    const frozen = frozenAt(night, '2026-11-23T17:30:00Z');
    expect(frozen && describeFrozen(frozen)).toBe('nights (until tue 2026-11-24 07:00 Europe/Berlin)');
    const long = frozenAt(yearEnd, '2026-12-24T12:00:00Z');
    expect(long && describeFrozen(long)).toBe('year-end (until thu 2027-01-07 06:00 Europe/Berlin)');
  });

  test('with dates holds for its targets and verbs alone', () => {
    expect(frozenAt(yearEnd, '2026-12-24T12:00:00Z', 'add')).toBeUndefined();
    expect(frozenAt(yearEnd, '2026-12-24T12:00:00Z', 'rotate', 'other')).toBeUndefined();
    expect(frozenAt(yearEnd, '2026-12-18T22:59:00Z')).toBeUndefined();
    expect(frozenAt(yearEnd, '2026-12-18T23:00:00Z')).toBeDefined();
    expect(frozenAt(yearEnd, '2027-01-07T05:00:00Z')).toBeUndefined();
    expect(frozenAt(yearEnd, '2027-01-07T04:59:00Z')).toBeDefined();
  });

  test.each([0, 1, 2, 3, 4, 5, 6, 7])(
    'with dates ends at the same moment, asked %i minutes later',
    (minutes) => {
      const atMs = Date.parse('2026-12-24T12:00:00Z') + minutes * 60_000;
      expect(findFreeze(nobody, [yearEnd], { verb: 'rotate', target: 'rack', atMs })).toMatchObject({
        untilMs: Date.parse('2027-01-07T05:00:00Z'),
      });
    },
  );

  test('that is to last longer than anybody lives has no end to name', () => {
    const frozen = frozenAt({ ...yearEnd, to: '9999-12-31 00:00' }, '2026-12-24T12:00:00Z');
    expect(frozen && describeFrozen(frozen)).toBe('year-end (the policy names no end)');
  });

  test('that covers the whole week has no end to name', () => {
    const always: FreezeWindow = {
      ...night,
      days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
      from: '00:00',
      to: '00:00',
    };
    const frozen = frozenAt(always, '2026-11-23T12:00:00Z');
    expect(frozen && describeFrozen(frozen)).toContain('no end');
  });

  test('is over at the moment that it names, and holds until the minute before', () => {
    const windows = fc.record({
      days: fc.uniqueArray(fc.constantFrom('mon' as const, 'wed' as const, 'sat' as const, 'sun' as const), {
        minLength: 1,
      }),
      from: fc.constantFrom('00:00', '01:30', '02:30', '18:00', '23:59'),
      to: fc.constantFrom('00:00', '02:00', '03:00', '07:15', '23:00'),
      timeZone: fc.constantFrom('Europe/Berlin', 'UTC', 'Asia/Kolkata', 'America/St_Johns'),
    });
    fc.assert(
      fc.property(windows, fc.integer({ min: 0, max: 365 * 24 * 60 }), (parts, minute) => {
        const window: FreezeWindow = { ...night, ...parts };
        const atMs = Date.parse('2026-01-01T00:00:00Z') + minute * 60_000;
        const found = findFreeze(nobody, [window], { verb: 'add', target: 'rack', atMs });
        if (found?.kind !== 'window' || found.untilMs === undefined) return;
        const at = (ms: number) =>
          findFreeze(nobody, [window], { verb: 'add', target: 'rack', atMs: ms }) !== undefined;
        expect(at(found.untilMs)).toBe(false);
        expect(at(found.untilMs - 60_000)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('a declared freeze', () => {
  const freeze = {
    reason: 'incident 4711',
    by: { userId: 'U02BOB', teamId: 'T1' },
    atMs: Date.parse('2026-11-23T10:45:00Z'),
  };

  test('holds for its target, or for all, and names who declared it and why', () => {
    const one = new Map([['rack', freeze]]);
    expect(findFreeze(one, [], { verb: 'add', target: 'rack', atMs: 0 })).toBeDefined();
    expect(findFreeze(one, [], { verb: 'add', target: 'other', atMs: 0 })).toBeUndefined();
    const all = new Map([[ALL_TARGETS, freeze]]);
    const found = findFreeze(all, [], { verb: 'add', target: 'other', atMs: 0 });
    expect(found && frozenRefusal(found, 'other', undefined)).toMatchObject({
      reasonCode: 'frozen',
      sentence: 'Changes of other are frozen: incident 4711 (U02BOB, 2026-11-23 10:45 UTC).',
    });
  });

  test('is told by its reason alone where people are named beside it', () => {
    expect(describeFrozen({ kind: 'declared', freeze })).toBe('incident 4711');
  });

  test('is waited for until somebody lifts it, one of the calendar until it ends', () => {
    expect(frozenRefusal({ kind: 'declared', freeze }, 'rack', 'submit it').next).toBe(
      'Wait for unfreeze, or have somebody with break-glass rights submit it.',
    );
    expect(frozenRefusal({ kind: 'declared', freeze }, 'rack', undefined).next).toBe('Wait for unfreeze.');
    const window = frozenAt(night, '2026-11-23T17:30:00Z');
    expect(window && frozenRefusal(window, 'rack', 'submit it').next).toMatch(/^Do it again then, or /);
  });
});

test('the clock on the wall is read in every time zone', () => {
  expect(wallTime(Date.parse('2026-11-23T23:30:00Z'), 'Asia/Kolkata')).toEqual({
    weekday: 'tue',
    date: '2026-11-24',
    time: '05:00',
  });
  expect(wallTime(Date.parse('2026-01-01T00:00:00Z'), 'UTC')).toEqual({
    weekday: 'thu',
    date: '2026-01-01',
    time: '00:00',
  });
});

test('a time zone is one that the IANA database names', () => {
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus', ''].filter(isTimeZone)).toEqual(['Europe/Berlin', 'UTC']);
});
