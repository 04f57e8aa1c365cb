import { expect, test } from '@jest/globals';
import { bfdOf, describeBfd, usesBfd } from '../../../src/domain/bgp/bfd.ts';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import type { BfdReading } from '../../../src/domain/zebos/read-bfd.ts';
import { anInspection, aPod, config, neighbors, TARGET, UNREADABLE } from '../checks/an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const PEER = '10.20.1.1';
const UP: BfdReading = {
  readable: true,
  sessions: new Map([[PEER, { up: true, state: 'Up' }]]),
  complete: true,
};
const ANOTHER: BfdReading = {
  readable: true,
  sessions: new Map([['10.9.9.9', { up: true, state: 'Up' }]]),
  complete: true,
};
const DOWN: BfdReading = {
  readable: true,
  sessions: new Map([[PEER, { up: false, state: 'Down', reason: 'expired' }]]),
  complete: true,
};
const WITH = config([PEER], { bfd: true });
const WITHOUT = config([PEER]);

function inspected(pages: PodPages, fallover: boolean) {
  const inspection = anInspection([POD], { mapping: { worker1: PEER }, pages: { tmm: pages } });
  const bgp = { ...TARGET.bgp, neighbors: TARGET.bgp.neighbors.map((one) => ({ ...one, fallover })) };
  return { ...inspection, target: { ...TARGET, bgp } };
}

test.each<[string, PodPages, boolean, boolean]>([
  ['the configuration has it', { config: WITH }, false, true],
  ['the Helm values have it', { config: WITHOUT }, true, true],
  ['the Helm values have it, and the configuration cannot be read', { config: UNREADABLE }, true, true],
  ['neither has it', { config: WITHOUT }, false, false],
  ['nothing was read', {}, false, false],
])('BFD is worth a look where %s: %j', (_, pages, fallover, expected) => {
  expect(usesBfd(inspected(pages, fallover), POD)).toBe(expected);
});

const PAGE = neighbors({ [PEER]: { state: 'Established', bfdStatus: 'Up' } });
const PAGE_DOWN = neighbors({ [PEER]: { state: 'Established', bfdStatus: 'Down' } });

test.each<[string, PodPages, boolean, string | undefined]>([
  ['up', { config: WITH, bfd: UP }, false, 'BFD up'],
  ['down', { config: WITH, bfd: DOWN }, true, 'BFD Down (expired)'],
  ['not there', { config: WITH, bfd: ANOTHER }, true, 'no BFD session'],
  ['not in what may be cut off', { config: WITH, bfd: { ...ANOTHER, complete: false } }, true, 'BFD unknown'],
  ['unreadable', { config: WITH, bfd: UNREADABLE }, true, 'BFD unknown'],
  ['unreadable, but told by FRR’s page', { config: WITH, bfd: UNREADABLE, neighbors: PAGE }, true, 'BFD up'],
  [
    'unreadable, and down by FRR’s page',
    { config: WITH, bfd: UNREADABLE, neighbors: PAGE_DOWN },
    true,
    'BFD Down',
  ],
  ['not asked for', { config: WITH }, true, undefined],
  ['asked for by the values alone', { config: WITHOUT, bfd: UP }, true, undefined],
  ['asked for by the values, where nothing else tells', { config: UNREADABLE, bfd: UP }, true, 'BFD up'],
  ['of nobody', { config: UNREADABLE, bfd: UP }, false, undefined],
])('a BFD session that is %s', (_, pages, fallover, expected) => {
  const verdict = bfdOf(inspected(pages, fallover), POD, PEER);
  expect(verdict && describeBfd(verdict)).toBe(expected);
});

test('a peer that nothing names has no BFD, whatever the others have', () => {
  for (const config of [UNREADABLE, WITH, WITHOUT])
    expect(bfdOf(inspected({ config, bfd: ANOTHER }, true), POD, '10.9.9.9')).toBeUndefined();
});

test('one peer with BFD among others makes it worth a look', () => {
  const [tor, torV6] = TARGET.bgp.neighbors;
  if (tor === undefined || torV6 === undefined) throw new Error('the target has two neighbors');
  const [member] = config([PEER], { bfd: true }).members;
  const members = new Map([...config(['10.20.1.2']).members, ...(member === undefined ? [] : [member])]);
  const mapped = { mapping: { worker1: PEER }, mapping6: { worker1: '2001:db8::1' } };
  const configured = anInspection([POD], { ...mapped, pages: { tmm: { config: { ...WITHOUT, members } } } });
  expect(usesBfd(configured, POD)).toBe(true);
  const bgp = { ...TARGET.bgp, neighbors: [tor, { ...torV6, fallover: true }] };
  const asked = { ...anInspection([POD], mapped), target: { ...TARGET, bgp } };
  expect(usesBfd(asked, POD)).toBe(true);
});
