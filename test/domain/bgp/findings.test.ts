import { expect, test } from '@jest/globals';
import { findingsOf } from '../../../src/domain/bgp/findings.ts';
import type { BgpValues, ConfiguredNeighbor } from '../../../src/domain/bgp/helm-values.ts';
import type { SessionState } from '../../../src/domain/zebos/printed-values.ts';
import type { BfdReading, BfdSession } from '../../../src/domain/zebos/read-bfd.ts';
import type { RunningConfigReading } from '../../../src/domain/zebos/read-running-config.ts';
import { anInspection, aPod, config, summary, TARGET, UNREADABLE } from '../checks/an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const PEER = '10.20.1.1';
const [TOR] = TARGET.bgp.neighbors;

/** Codes and sentences for a pod with this configuration, where worker1 is mapped to one peer. */
function found(
  read: RunningConfigReading,
  values: Partial<BgpValues> = {},
  neighbor: Partial<ConfiguredNeighbor> = {},
): readonly string[] | undefined {
  if (TOR === undefined) throw new Error('the target has no neighbor');
  const inspection = anInspection([POD], { mapping: { worker1: PEER }, pages: { tmm: { config: read } } });
  const bgp = { ...TARGET.bgp, neighbors: [{ ...TOR, ...neighbor }], ...values };
  return findingsOf({ ...inspection, target: { ...TARGET, bgp } }, POD)?.map(
    ({ code, sentence }) => `${code}: ${sentence}`,
  );
}

const WHOLE = config([PEER]);
const LATE = 'a failure is noticed by the hold timer only. See whether BFD is switched on at the router.';

function bfd(session: BfdSession): BfdReading {
  return { readable: true, sessions: new Map([[PEER, session]]), complete: true };
}

const RESTART = 'Restart needed: a pod reads the Helm values when it starts.';

test('a pod that is as its node and the Helm values ask has no findings; one that was not read has no answer', () => {
  expect(found(WHOLE)).toEqual([]);
  expect(found(UNREADABLE)).toBeUndefined();
});

test('a peer that a configuration lacks which may be cut off is unseen, not absent', () => {
  expect(found({ ...config([]), complete: false })).toEqual([
    'peer_unseen: 10.20.1.1 is not in what could be read of the running-config, which may be cut off.',
  ]);
});

test.each([
  [64443, []],
  [64444, ['wrong_own_as: The pod runs as AS 64444; the Helm values say AS 64443.']],
])('a pod that runs as AS %i', (asn, findings) => {
  expect(found({ ...WHOLE, asn })).toEqual(findings);
});

test('a pod without BGP lacks its peers, and nothing is said of its AS and paths', () => {
  const { asn: _, ...withoutBgp } = config([]);
  expect(found(withoutBgp, { maxPathsEbgp: 4, maxPathsIbgp: 4 })).toEqual([
    expect.stringMatching(/^peer_absent: 10\.20\.1\.1 is mapped in tor, but not configured in this pod/),
  ]);
});

test.each<[Partial<BgpValues>, { readonly maxPathsEbgp?: number; readonly maxPathsIbgp?: number }, string[]]>(
  [
    [{}, {}, []],
    [{ maxPathsEbgp: 1 }, {}, []],
    [{}, { maxPathsEbgp: 1 }, []],
    [{ maxPathsEbgp: 4 }, { maxPathsEbgp: 4 }, []],
    [
      { maxPathsEbgp: 4 },
      { maxPathsEbgp: 2 },
      ['wrong_max_paths: max-paths ebgp is 2 in the pod; the Helm values say 4.'],
    ],
    [
      { maxPathsEbgp: 4 },
      {},
      ['wrong_max_paths: max-paths ebgp is not set in the pod; the Helm values say 4.'],
    ],
    [
      {},
      { maxPathsEbgp: 4 },
      ['wrong_max_paths: max-paths ebgp is 4 in the pod; the Helm values say unset.'],
    ],
    [{ maxPathsIbgp: 4 }, {}, []],
    [
      { maxPathsIbgp: 4 },
      { maxPathsIbgp: 2 },
      ['wrong_max_paths: max-paths ibgp is 2 in the pod; the Helm values say 4.'],
    ],
  ],
)('where the Helm values say %j and the pod %j of its paths', (values, shown, findings) => {
  expect(found({ ...WHOLE, ...shown }, values)).toEqual(findings);
});

test('a static peer that is missing is named in the Helm values', () => {
  const inspection = anInspection([POD], { mapping: {}, pages: { tmm: { config: config([]) } } });
  if (TOR === undefined) throw new Error('the target has no neighbor');
  const { nodeLookup: _, ...common } = TOR;
  const target = { ...TARGET, bgp: { asn: 64443, neighbors: [{ ...common, ip: '10.9.9.9' }] } };
  expect(findingsOf({ ...inspection, target }, POD)).toEqual([
    {
      code: 'peer_absent',
      peer: '10.9.9.9',
      sentence: expect.stringContaining('10.9.9.9 is named in the Helm values, but not configured'),
    },
  ]);
});

test.each<[string, Parameters<typeof config>[1], Partial<ConfiguredNeighbor>, string[]]>([
  [
    'another AS',
    { remoteAs: 1 },
    {},
    [`wrong_remote_as: ${PEER} has remote-as 1 in the pod; it should be 3535.`],
  ],
  ['the hops asked for', { ebgpMultihop: 100 }, { ebgpMultihop: 100 }, []],
  ['hops that nobody asked for', { ebgpMultihop: 100 }, {}, []],
  [
    'other hops',
    { ebgpMultihop: 2 },
    { ebgpMultihop: 100 },
    [`wrong_multihop: ${PEER} has ebgp-multihop 2 in the pod; the Helm values say 100.`],
  ],
  [
    'no hops',
    {},
    { ebgpMultihop: 100 },
    [`wrong_multihop: ${PEER} has ebgp-multihop unset in the pod; the Helm values say 100.`],
  ],
  ['soft reconfiguration, as asked', { softReconfInbound: true }, { softReconf: true }, []],
  [
    'soft reconfiguration unasked',
    { softReconfInbound: true },
    {},
    [`wrong_soft_reconfiguration: ${PEER} has soft-reconfiguration set; the Helm values say false.`],
  ],
  [
    'no soft reconfiguration',
    {},
    { softReconf: true },
    [`wrong_soft_reconfiguration: ${PEER} has soft-reconfiguration not set; the Helm values say true.`],
  ],
  [
    'neither family activated',
    { activated: { ipv4: false, ipv6: false } },
    { acceptsIPv6: true },
    [
      `not_activated: ${PEER} is not activated for IPv4, but acceptsIPv4 is true.`,
      `not_activated: ${PEER} is not activated for IPv6, but acceptsIPv6 is true.`,
    ],
  ],
  [
    'a family activated unasked',
    { activated: { ipv4: true, ipv6: true } },
    {},
    [`activated_unasked: ${PEER} is activated for IPv6, but acceptsIPv6 is false.`],
  ],
  ['a shutdown', { shutdown: true }, {}, [`shut_down: ${PEER} is administratively shut down in the pod.`]],
  ['BFD, as asked', { bfd: true }, { fallover: true }, []],
  [
    'no BFD',
    {},
    { fallover: true },
    [`wrong_bfd: ${PEER} has no BFD in the pod; the Helm values say fallover true. ${RESTART}`],
  ],
  [
    'BFD unasked',
    { bfd: true },
    {},
    [`wrong_bfd: ${PEER} has BFD in the pod; the Helm values say fallover false. ${RESTART}`],
  ],
  ['a password, as asked', { passwordSet: true }, { passwordSet: true }, []],
  [
    'no password',
    {},
    { passwordSet: true },
    [`wrong_password: No password is set for ${PEER} in the pod; the Helm values set one. ${RESTART}`],
  ],
  [
    'a password unasked',
    { passwordSet: true },
    {},
    [`wrong_password: A password is set for ${PEER} in the pod; the Helm values set none. ${RESTART}`],
  ],
  ['the route map asked for, out', { routeMapOut: 'spk' }, { routeMap: 'spk' }, []],
  ['the route map asked for, in', { routeMapIn: 'spk' }, { routeMap: 'spk' }, []],
  [
    'no route map',
    {},
    { routeMap: 'spk' },
    [`wrong_route_map: ${PEER} has no route-map spk in the pod; the Helm values say so. ${RESTART}`],
  ],
  [
    'route maps unasked',
    { routeMapIn: 'a', routeMapOut: 'b' },
    {},
    [
      `wrong_route_map: ${PEER} has route-map a in in the pod, which the Helm values do not name. ${RESTART}`,
      `wrong_route_map: ${PEER} has route-map b out in the pod, which the Helm values do not name. ${RESTART}`,
    ],
  ],
  [
    'settings that the Helm values cannot ask for',
    { prefixListIn: 'a', prefixListOut: 'b', updateSource: 'lo2' },
    {},
    ['prefix-list a in', 'prefix-list b out', 'update-source lo2'].map(
      (setting) =>
        `unasked_setting: ${PEER} has ${setting} in the pod, which the Helm values do not ask for.`,
    ),
  ],
  ['any external AS', { remoteAs: 9, anyRemoteAs: 'external' }, {}, []],
  ['no family, as asked', { activated: { ipv4: false, ipv6: false } }, { acceptsIPv4: false }, []],
])('a peer with %s', (_, member, neighbor, findings) => {
  expect(found(config([PEER], member), {}, neighbor)).toEqual(findings);
});

test.each<[string, BfdReading | undefined, string[]]>([
  ['was not asked for', undefined, []],
  ['is up', bfd({ up: true, state: 'Up' }), []],
  [
    'is down',
    bfd({ up: false, state: 'Down', reason: 'control detection time expired' }),
    [`bfd_down: ${PEER} is Established, but with BFD Down (control detection time expired): ${LATE}`],
  ],
  [
    'is not there',
    { readable: true, sessions: new Map(), complete: true },
    [`bfd_down: ${PEER} is Established, but with no BFD session: ${LATE}`],
  ],
  [
    'cannot be read',
    { readable: false, why: 'the router answers: % BFD is not running.' },
    ['bfd_unknown: The BFD sessions of this pod cannot be read: the router answers: % BFD is not running.'],
  ],
])('the BFD session of a peer that is Established %s', (_, read, expected) => {
  const told = (state: SessionState, fallover: boolean) => {
    const pages = {
      config: config([PEER], { bfd: fallover }),
      summary: summary({ [PEER]: state }),
      ...(read && { bfd: read }),
    };
    const inspection = anInspection([POD], { mapping: { worker1: PEER }, pages: { tmm: pages } });
    if (TOR === undefined) throw new Error('the target has no neighbor');
    const bgp = { ...TARGET.bgp, neighbors: [{ ...TOR, fallover }] };
    const found = findingsOf({ ...inspection, target: { ...TARGET, bgp } }, POD);
    return found?.map(({ code, sentence }) => `${code}: ${sentence}`);
  };
  expect(told('Established', true)).toEqual(expected);
  expect(told('Established', false)).toEqual([]);
  expect(told('Idle', true)).toEqual(expected.filter((one) => one.startsWith('bfd_unknown')));
});

test('that BFD with one peer is unknown is said, also where it is up with another', () => {
  const peers = [PEER, '10.20.1.2'];
  const pages = {
    config: config(peers, { bfd: true }),
    summary: summary({ [PEER]: 'Established', '10.20.1.2': 'Established' }),
    bfd: { ...bfd({ up: true, state: 'Up' }), complete: false },
  };
  const inspection = anInspection([POD], { mapping: { worker1: peers.join() }, pages: { tmm: pages } });
  expect(findingsOf(inspection, POD)?.map(({ code }) => code)).toContain('bfd_unknown');
});
