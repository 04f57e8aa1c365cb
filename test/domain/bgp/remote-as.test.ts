import { expect, test } from '@jest/globals';
import { findingsOf } from '../../../src/domain/bgp/findings.ts';
import type { Member } from '../../../src/domain/zebos/read-running-config.ts';
import { anInspection, aPod, config, TARGET } from '../checks/an-inspection.ts';

const PEER = '10.20.1.1';
const POD = aPod('tmm', 'worker1');

/** What is found where the Helm values give the peer this AS, and the pod, of AS 64443, has it so. */
function found(asn: number, { remoteAs, anyRemoteAs }: Pick<Member, 'remoteAs' | 'anyRemoteAs'>) {
  const [tor] = TARGET.bgp.neighbors;
  if (tor === undefined) throw new Error('the target has no neighbor');
  const read = config([PEER]);
  const members = [...read.members].map(([peer, { remoteAs: _, ...member }]): [string, Member] => [
    peer,
    {
      ...member,
      ...(remoteAs !== undefined && { remoteAs }),
      ...(anyRemoteAs !== undefined && { anyRemoteAs }),
    },
  ]);
  const pages = { tmm: { config: { ...read, members: new Map(members) } } };
  const inspection = anInspection([POD], { mapping: { worker1: PEER }, pages });
  const target = { ...TARGET, bgp: { ...TARGET.bgp, neighbors: [{ ...tor, asn }] } };
  return findingsOf({ ...inspection, target }, POD)?.map(({ code, sentence }) => `${code}: ${sentence}`);
}

test.each<[string, number, Pick<Member, 'remoteAs' | 'anyRemoteAs'>, string | undefined]>([
  ['the AS of the values', 3535, { remoteAs: 3535 }, undefined],
  ['another AS', 3535, { remoteAs: 3536 }, '3536'],
  ['none', 3535, {}, 'unset'],
  ['any AS for an external peer', 3535, { anyRemoteAs: 'auto' }, undefined],
  ['any AS for an internal peer', 64_443, { anyRemoteAs: 'auto' }, undefined],
  ['any other AS for an external peer', 3535, { anyRemoteAs: 'external' }, undefined],
  ['any other AS for an internal peer', 64_443, { anyRemoteAs: 'external' }, 'external'],
])('a pod takes %s', (_, asn, member, shown) => {
  expect(found(asn, member)).toEqual(
    shown === undefined
      ? []
      : [`wrong_remote_as: ${PEER} has remote-as ${shown} in the pod; it should be ${asn}.`],
  );
});
