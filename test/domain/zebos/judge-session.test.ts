import { expect, test } from '@jest/globals';
import {
  describeSession,
  established,
  judgeSession,
  type SessionVerdict,
} from '../../../src/domain/zebos/judge-session.ts';
import { readRunningConfig } from '../../../src/domain/zebos/read-running-config.ts';
import { readSummary } from '../../../src/domain/zebos/read-summary.ts';
import { capture } from './capture.ts';

const summary = readSummary(capture('zebos-summary.txt'));
const config = readRunningConfig(capture('zebos-running-config.txt'));
const unreadableSummary = readSummary('');
const unreadableConfig = readRunningConfig('');

test('a session that the summary lists is judged by its state', () => {
  expect(judgeSession('10.20.1.1', summary, config)).toEqual({
    kind: 'established',
    prefixes: 9,
    forMs: 4_271_000,
  });
  expect(judgeSession('10.20.1.2', summary, config)).toStrictEqual({ kind: 'down', state: 'Connect' });
  expect(judgeSession('10.20.1.3', summary, unreadableConfig)).toEqual({
    kind: 'down',
    state: 'Idle',
    detail: '(Admin)',
  });
});

test('an address is recognised in any spelling', () => {
  expect(judgeSession('2001:0DB8:20:1:AAAA:bbbb:cccc:0001', summary, config)).toEqual({
    kind: 'established',
    prefixes: 0,
    forMs: 12_813_000,
  });
});

test('a peer that a whole configuration does not name is absent', () => {
  expect(judgeSession('10.20.7.7', summary, config)).toEqual({ kind: 'absent' });
  expect(judgeSession('10.20.7.7', unreadableSummary, config)).toEqual({ kind: 'absent' });
});

test('a peer that is named nowhere is absent only where one of the two outputs is whole', () => {
  const members = {
    readable: true as const,
    defaultIpv4Unicast: true,
    groups: new Map(),
    members: new Map(),
  };
  const sessions = { readable: true as const, sessions: new Map(), unreadable: new Set<string>() };
  for (const [whole, lists, kind] of [
    [true, true, 'absent'],
    [true, false, 'absent'],
    [false, true, 'absent'],
    [false, false, 'unknown'],
  ] as const)
    expect(
      judgeSession('10.20.7.7', { ...sessions, complete: lists }, { ...members, complete: whole }).kind,
    ).toBe(kind);
  expect(judgeSession('10.20.7.7', unreadableSummary, { ...members, complete: false }).kind).toBe('unknown');
});

test('what cannot be told is unknown, and says why', () => {
  expect(judgeSession('10.20.7.7', summary, unreadableConfig)).toEqual({
    kind: 'unknown',
    why: 'the running-config could not be read: the output is empty',
  });
  expect(judgeSession('10.20.9.9', summary, config)).toEqual({
    kind: 'unknown',
    why: '10.20.9.9 is configured, but the summary does not list it',
  });
  expect(judgeSession('10.20.1.1', unreadableSummary, config)).toEqual({
    kind: 'unknown',
    why: 'the summary could not be read: the output is empty',
  });
  const cut = readSummary(capture('zebos-summary.txt').split('  01:11:11')[0] ?? '');
  expect(judgeSession('10.20.1.1', cut, config)).toEqual({
    kind: 'unknown',
    why: 'the summary lists 10.20.1.1, but its state could not be read',
  });
});

test('a configuration that breaks off makes no peer absent, unless the whole summary lacks it too', () => {
  const cut = readRunningConfig('router bgp 64443\n neighbor 10.20.1.1 remote-as 3535\n');
  expect(judgeSession('10.20.7.7', unreadableSummary, cut).kind).toBe('unknown');
  expect(judgeSession('10.20.7.7', summary, cut).kind).toBe('absent');
});

test('a summary that breaks off as well as the configuration makes no peer absent', () => {
  const half = '\nTotal number of neighbors 2\n';
  const cutSummary = readSummary(
    `Neighbor V AS MsgRcvd MsgSent TblVer InQ OutQ Up/Down State/PfxRcd\n10.20.1.1 4 3535 24 47 2 0 0 never Idle\n${half}`,
  );
  const cutConfig = readRunningConfig('router bgp 64443\n neighbor 10.20.1.1 remote-as 3535\n');
  expect(judgeSession('10.20.7.7', cutSummary, cutConfig)).toEqual({
    kind: 'unknown',
    why: 'the running-config breaks off, so that 10.20.7.7 may be missing from it',
  });
});

test.each<[SessionVerdict, string]>([
  [{ kind: 'established', prefixes: 0 }, 'Established, 0 prefixes'],
  [{ kind: 'established', prefixes: 1 }, 'Established, 1 prefix'],
  [{ kind: 'down', state: 'Active' }, 'Active'],
  [{ kind: 'down', state: 'Idle', detail: '(Admin)' }, 'Idle (Admin)'],
  [{ kind: 'absent' }, 'absent: not configured in the pod'],
  [{ kind: 'unknown', why: 'the output is empty' }, 'unknown: the output is empty'],
])('%j is told in a few words: %s', (verdict, words) => {
  expect(describeSession(verdict)).toBe(words);
});

test.each([
  ['00:00:10', 10_000],
  ['01:02:03', 3_723_000],
  ['1d02h54m', 96_840_000],
  ['03w6d21h', 2_408_400_000],
  ['1y2w', 32_745_600_000],
  ['never', undefined],
  ['', undefined],
  ['Active', undefined],
])('for how long it is Established is read from what the router prints: %s', (printedUptime, forMs) => {
  expect(established(3, printedUptime)).toEqual({
    kind: 'established',
    prefixes: 3,
    ...(forMs && { forMs }),
  });
});

test('where neither page can be read, why is told of both, and once where it is the same', () => {
  const unreadable = (why: string) => ({ readable: false, why }) as const;
  expect(judgeSession('10.20.1.1', unreadable('exec timed out'), unreadable('it is cut.'))).toEqual({
    kind: 'unknown',
    why: 'the running-config could not be read: it is cut, nor the summary: exec timed out',
  });
  expect(judgeSession('10.20.1.1', unreadable('it is cut.'), unreadable('it is cut.'))).toEqual({
    kind: 'unknown',
    why: 'the running-config could not be read: it is cut',
  });
});
