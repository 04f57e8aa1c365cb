import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import { sessionsEstablished } from '../../../src/domain/checks/sessions-established.ts';
import { anInspection, aPod, config, neighbors, summary, TARGET, told, UNREADABLE } from './an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const MAPPING = { worker1: '10.20.1.1, 10.20.1.2' };
const HOLD_MS = 10_000;
const BOTH = ['10.20.1.1', '10.20.1.2'];

const inspected = (pages: PodPages, mapping: Record<string, string> = MAPPING, mapping6 = {}) =>
  anInspection([POD], { mapping, mapping6, pages: { tmm: pages } });

const UP_AND = (state: 'Connect' | 'Active' | 'Established') =>
  summary({ '10.20.1.1': 'Established', '10.20.1.2': state });

test.each<[string, PodPages, string]>([
  ['the summary is read first', {}, 'read summary of tmm'],
  ['all Established pass, and nothing else is read', { summary: UP_AND('Established') }, 'pass'],
  [
    'one that is down waits, and nothing else is read',
    { summary: UP_AND('Connect') },
    'wait session_down: worker1 → 10.20.1.2 is Connect (no answer on TCP 179)',
  ],
  [
    'what the summary leaves open is looked up in configuration and neighbors',
    { summary: UNREADABLE },
    'read config, neighbors of tmm',
  ],
  [
    'the neighbors may tell what the summary does not',
    {
      summary: UNREADABLE,
      config: config(BOTH),
      neighbors: neighbors({
        '10.20.1.1': { state: 'Established', printedUptime: '00:01:00' },
        '10.20.1.2': { state: 'Established', printedUptime: '00:01:00' },
      }),
    },
    'pass',
  ],
  [
    'unknown is not down, and does not pass',
    { summary: UNREADABLE, config: config(BOTH), neighbors: UNREADABLE },
    'wait session_unknown: worker1 → 10.20.1.1 is unknown (the summary could not be read: the output is empty); worker1 → 10.20.1.2 is unknown (the summary could not be read: the output is empty)',
  ],
  [
    'a peer that is not configured is neither',
    {
      summary: summary({ '10.20.1.1': 'Established' }),
      config: config(['10.20.1.1']),
      neighbors: neighbors({}),
    },
    'wait session_down: worker1 → 10.20.1.2 is not configured in tmm',
  ],
])('sessions Established: %s', (_, pages, expected) => {
  expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe(expected);
});

test('before it is told as a halt, everything that its hint can use is read', () => {
  const pages = { summary: UP_AND('Active') };
  const waiting = sessionsEstablished(inspected(pages), POD, HOLD_MS);
  expect(waiting).toMatchObject({ tellWith: { pages: ['config', 'neighbors'] } });
  expect(waiting).toMatchObject({ hint: expect.not.stringContaining('notification') });
  const full = (neighbor: object) =>
    sessionsEstablished(
      inspected({
        ...pages,
        config: config(BOTH, { passwordSet: true }),
        neighbors: neighbors({ '10.20.1.2': { state: 'Active', ...neighbor } }),
      }),
      POD,
      HOLD_MS,
    );
  expect(full({})).toMatchObject({
    traffic: 'tmm carries traffic over 10.20.1.1.',
    hint: expect.stringContaining('no notification was seen; a password is set here'),
  });
  expect(full({})).not.toHaveProperty('tellWith');
  expect(full({ notification: 'OPEN/Bad Peer AS.' })).toMatchObject({
    hint: expect.stringContaining('“OPEN/Bad Peer AS”'),
  });
  const reset = { lastReset: { ago: '00:00:05', reason: 'Hold Timer Expired.' } };
  expect(full(reset)).toMatchObject({
    sentence:
      'worker1 → 10.20.1.2 is Active (the peer refuses the connection), last reset: Hold Timer Expired',
  });
  expect(full({ ...reset, notification: 'Cease' })).toMatchObject({
    sentence: 'worker1 → 10.20.1.2 is Active (the peer refuses the connection)',
  });
});

test.each<[PodPages['neighbors'] & object, string]>([
  [neighbors({}), 'tmm carries no traffic.'],
  [UNREADABLE, 'Whether tmm carries traffic is unknown.'],
])('without a session it says that no traffic is carried only where all are known', (page, traffic) => {
  const pages = { summary: summary({ '10.20.1.1': 'Idle' }), config: config(BOTH), neighbors: page };
  const listed = page.readable ? summary({ '10.20.1.1': 'Idle', '10.20.1.2': 'Idle' }) : pages.summary;
  expect(sessionsEstablished(inspected({ ...pages, summary: listed }), POD, HOLD_MS)).toMatchObject({
    traffic,
  });
});

test('the detail that a router adds to a state says more than the state', () => {
  const listed = { peer: '10.20.1.2', state: 'Idle', detail: '(Admin)' } as const;
  const up = UP_AND('Established');
  const shown = { ...up, sessions: new Map([...up.sessions, ['10.20.1.2', listed]]) };
  expect(told(sessionsEstablished(inspected({ summary: shown }), POD, HOLD_MS))).toBe(
    'wait session_down: worker1 → 10.20.1.2 is Idle (Admin)',
  );
});

test('an IPv6 peer is not down before the IPv6 summary says so', () => {
  const mapping6 = { worker1: '2001:db8::1' };
  const listed = { ...{ '10.20.1.1': 'Established' as const }, '2001:db8::1': 'Idle' as const };
  const judged = (pages: PodPages) =>
    told(sessionsEstablished(inspected(pages, { worker1: '10.20.1.1' }, mapping6), POD, HOLD_MS));
  expect(judged({ summary: summary(listed) })).toBe('read ipv6Summary of tmm');
  const ipv6 = (state: 'Idle' | 'Established') => ({
    summary: summary(listed),
    ipv6Summary: summary({ '2001:db8::1': state }),
  });
  expect(judged(ipv6('Established'))).toBe('pass');
  expect(judged(ipv6('Idle'))).toBe(
    'wait session_down: worker1 → 2001:db8::1 is Idle (shut down, or no route to the peer)',
  );
});

test('a session that changes its state is news', () => {
  const about = (state: 'Connect' | 'Active') => {
    const judged = sessionsEstablished(inspected({ summary: UP_AND(state) }), POD, HOLD_MS);
    return judged.kind === 'wait' ? judged.about : '';
  };
  expect(about('Connect')).not.toBe(about('Active'));
});

test.each<[string, PodPages, string]>([
  [
    'one that is up for less than the hold time waits',
    { summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '00:00:04') },
    'wait session_flapping: worker1 → 10.20.1.1, 10.20.1.2 has not been Established for 10 s yet',
  ],
  [
    'exactly the hold time is enough',
    { summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '00:00:10') },
    'pass',
  ],
  [
    'for how long may stand in the page of the neighbor only',
    { summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '') },
    'read neighbors of tmm',
  ],
  [
    'where nothing tells for how long, it does not pass',
    {
      summary: summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, ''),
      neighbors: neighbors({ '10.20.1.1': { state: 'Established' } }),
    },
    'wait session_flapping: worker1 → 10.20.1.1, 10.20.1.2 has not been Established for 10 s yet',
  ],
])(
  'lesson 38: a session counts as back once it has been Established for the hold time: %s',
  (_, pages, expected) => {
    expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe(expected);
  },
);

test('where the summary tells of one session for how long, the neighbors are asked about the other', () => {
  const both = UP_AND('Established');
  const first = { peer: '10.20.1.1', state: 'Established', upDown: '00:00:04' } as const;
  const second = { peer: '10.20.1.2', state: 'Established', upDown: '' } as const;
  const sessions = new Map([first, second].map((session) => [session.peer, session]));
  const pages = { summary: { ...both, sessions } };
  expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe('read neighbors of tmm');
});

test('beside one that is down stands one that only has to last', () => {
  const young = summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Connect' }, '00:00:04');
  const pages = { summary: young, config: config(BOTH), neighbors: neighbors({}) };
  expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe(
    'wait session_down: worker1 → 10.20.1.1 is Established; worker1 → 10.20.1.2 is Connect (no answer on TCP 179)',
  );
});

test('so is one that was not configured and is unknown by now', () => {
  const about = (configured: readonly string[]) => {
    const listed = { summary: summary({ '10.20.1.1': 'Idle' }), neighbors: neighbors({}) };
    const judged = sessionsEstablished(inspected({ ...listed, config: config(configured) }), POD, HOLD_MS);
    return judged.kind === 'wait' ? judged.about : '';
  };
  expect(about(['10.20.1.1'])).not.toBe(about(BOTH));
});

test('it says when it makes sense to look again', () => {
  const young = summary({ '10.20.1.1': 'Established', '10.20.1.2': 'Established' }, '00:00:04');
  expect(sessionsEstablished(inspected({ summary: young }), POD, HOLD_MS)).toMatchObject({
    againInMs: 6_000,
  });
  const younger = summary({ '10.20.1.2': 'Established' }, '00:00:01');
  const both = { ...young, sessions: new Map([...young.sessions, ...younger.sessions]) };
  expect(sessionsEstablished(inspected({ summary: both }), POD, HOLD_MS)).toMatchObject({
    againInMs: 9_000,
  });
});

test('once it was waited for in vain, it is told session by session, as long as all of them are known to be down', () => {
  const overdue = (pages: PodPages) => {
    const judged = sessionsEstablished(inspected(pages), POD, HOLD_MS);
    return judged.kind === 'wait' ? judged.overdue : judged.kind;
  };
  const both = summary({ '10.20.1.1': 'Idle', '10.20.1.2': 'Connect' });
  expect(overdue({ summary: both })).toEqual([
    { what: 'worker1 → 10.20.1.1', why: 'Idle: shut down, or no route to the peer' },
    { what: 'worker1 → 10.20.1.2', why: 'Connect: no answer on TCP 179' },
  ]);
  const reset = { state: 'Connect', lastReset: { ago: '00:00:05', reason: 'Hold Timer Expired.' } } as const;
  const asked = { config: config(BOTH), neighbors: neighbors({ '10.20.1.2': reset }) };
  expect(overdue({ summary: UP_AND('Connect'), ...asked })).toEqual([
    { what: 'worker1 → 10.20.1.2', why: 'Connect: no answer on TCP 179, last reset: Hold Timer Expired' },
  ]);
  expect(
    overdue({ summary: summary({ '10.20.1.1': 'Idle' }), ...asked, neighbors: neighbors({}) }),
  ).toBeUndefined();
});

test('as long as not all pages are read, only what is known to be down is told', () => {
  const judged = sessionsEstablished(inspected({ summary: summary({ '10.20.1.1': 'Idle' }) }), POD, HOLD_MS);
  expect(told(judged)).toBe(
    'wait session_down: worker1 → 10.20.1.1 is Idle (shut down, or no route to the peer)',
  );
  expect(judged).toMatchObject({ tellWith: { pages: ['config', 'neighbors'] } });
});

test('one that is down and one that is unknown are a session that is down', () => {
  const pages = {
    summary: summary({ '10.20.1.1': 'Idle' }),
    config: config(BOTH),
    neighbors: neighbors({}),
  };
  expect(told(sessionsEstablished(inspected(pages), POD, HOLD_MS))).toBe(
    'wait session_down: worker1 → 10.20.1.1 is Idle (shut down, or no route to the peer); worker1 → 10.20.1.2 is unknown (10.20.1.2 is configured, but the summary does not list it)',
  );
});

test('a session of a pod that has no node is told by the name of the pod', () => {
  const { node: _, ...unscheduled } = POD;
  const [tor] = TARGET.bgp.neighbors;
  if (tor === undefined) throw new Error('the target has no neighbor');
  const { nodeLookup: __, ...common } = tor;
  const target = { ...TARGET, bgp: { ...TARGET.bgp, neighbors: [{ ...common, ip: '10.20.9.1' }] } };
  const judged = (state: 'Idle' | 'Established') => {
    const pages = { tmm: { summary: summary({ '10.20.9.1': state }, '00:00:02') } };
    return told(
      sessionsEstablished({ ...anInspection([unscheduled], { pages }), target }, unscheduled, HOLD_MS),
    );
  };
  expect(judged('Idle')).toBe(
    'wait session_down: tmm → 10.20.9.1 is Idle (shut down, or no route to the peer)',
  );
  expect(judged('Established')).toBe(
    'wait session_flapping: tmm → 10.20.9.1 has not been Established for 10 s yet',
  );
});
