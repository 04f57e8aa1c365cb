import { expect, test } from '@jest/globals';
import type { PodPages } from '../../../src/domain/bgp/inspection.ts';
import { peersAsConfigured } from '../../../src/domain/checks/peers-as-configured.ts';
import { anInspection, aPod, config, told, UNREADABLE } from './an-inspection.ts';

const POD = aPod('tmm', 'worker1');
const MAPPING = { worker1: '10.20.1.1, 10.20.1.2' };
const BOTH = ['10.20.1.1', '10.20.1.2'];

const inspected = (pages: PodPages, mapping: Record<string, string>) =>
  anInspection([POD], { mapping, pages: { tmm: pages } });

test.each<[string, PodPages, Record<string, string>, string]>([
  ['the configuration is read, and nothing else', {}, MAPPING, 'read config of tmm'],
  ['exactly the peers of the node pass', { config: config(BOTH) }, MAPPING, 'pass'],
  [
    'a node without mapping fails at once, unread',
    {},
    {},
    'fail replacement_unmapped: tmm runs on worker1, which no lookup maps.',
  ],
  [
    'a mapping that is no address fails at once, unread',
    {},
    { worker1: 'router-1' },
    'fail mapping_unreadable: The mapping of worker1 cannot be read: tor: "router-1" is not an address.',
  ],
  [
    'a configuration that cannot be read waits',
    { config: UNREADABLE },
    MAPPING,
    'wait session_unknown: The running-config of tmm on worker1 cannot be read (the output is empty)',
  ],
  [
    'a peer that the pod did not read waits',
    { config: config(['10.20.1.1']) },
    MAPPING,
    'wait wrong_peers: The running-config of tmm on worker1 is not what its node asks for (10.20.1.2 is mapped in tor, but not configured in this pod: the pod started before that and reads it only at its next restart)',
  ],
  [
    'a peer too many waits',
    { config: config([...BOTH, '10.20.1.9']) },
    MAPPING,
    'wait wrong_peers: The running-config of tmm on worker1 is not what its node asks for (10.20.1.9 is configured in this pod, but nothing maps it to this node)',
  ],
  [
    'another AS waits',
    { config: config(BOTH, { remoteAs: 1 }) },
    { worker1: '10.20.1.1' },
    'wait wrong_peers: The running-config of tmm on worker1 is not what its node asks for (10.20.1.1 has remote-as 1 in the pod; it should be 3535; 10.20.1.2 is configured in this pod, but nothing maps it to this node)',
  ],
  [
    'what only deserves a look passes',
    { config: config(BOTH, { softReconfInbound: true }) },
    MAPPING,
    'pass',
  ],
  [
    'a peer that may have been cut off is unknown, not wrong',
    { config: { ...config(['10.20.1.1']), complete: false } },
    MAPPING,
    'wait session_unknown: The running-config of tmm on worker1 is not what its node asks for (10.20.1.2 is not in what could be read of the running-config, which may be cut off)',
  ],
])('peers as configured: %s', (_, pages, mapping, expected) => {
  expect(told(peersAsConfigured(inspected(pages, mapping), POD, false))).toBe(expected);
});

test('one peer that is wrong and one that is unseen are wrong peers', () => {
  const read = { ...config(['10.20.1.9']), complete: false };
  expect(told(peersAsConfigured(inspected({ config: read }, { worker1: '10.20.1.1' }), POD, false))).toMatch(
    /^wait wrong_peers: /,
  );
});
