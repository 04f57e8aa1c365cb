import { expect, test } from '@jest/globals';
import { stalenessOf } from '../../../src/domain/bgp/staleness.ts';
import { snapshotOf } from '../../../src/domain/bgp/target-index.ts';
import {
  type DriftLook,
  NOTHING_REMEMBERED,
  observe,
  remember,
} from '../../../src/domain/drift/observers.ts';
import { anInspection, aPod, config, neighbors, summary } from '../checks/an-inspection.ts';

/** One pod that is Established with its peer and announces so many prefixes; undefined: its page cannot be read. */
function look(announced: number | undefined, remembered = NOTHING_REMEMBERED): DriftLook {
  const pod = aPod('f5-tmm-1', 'worker1');
  const page = {
    peer: '10.20.1.1',
    state: 'Established',
    printedUptime: '01:00:00',
    acceptedPrefixes: 1,
  } as const;
  const inspection = anInspection([pod], {
    mapping: { worker1: '10.20.1.1' },
    pages: {
      'f5-tmm-1': {
        config: config(['10.20.1.1'], { activated: { ipv4: true, ipv6: false } }),
        summary: summary({ '10.20.1.1': 'Established' }),
        neighbors:
          announced === undefined
            ? { readable: false, why: 'the output is empty' }
            : neighbors({ '10.20.1.1': { ...page, announcedPrefixes: announced } }),
      },
    },
  });
  const snapshot = snapshotOf({
    clusterUid: 'uid-of-kube-system',
    target: 'rack',
    lookups: inspection.lookups,
    nodes: [{ name: 'worker1', ready: true, cordoned: false }],
    pods: [pod],
  });
  return { target: inspection.target, snapshot, inspection, pods: [pod], remembered };
}

test('nothing announced is told where something was, for as long as it lasts, and never where it is unknown', () => {
  const told = (one: DriftLook): readonly string[] => observe(one).map(({ sentence }) => sentence);
  expect(told(look(0))).toEqual([]);
  const two = remember(look(2));
  expect(two).toEqual({ announced: { 'worker1 10.20.1.1': 2 }, tmmNodes: ['worker1'] });
  const none = look(0, two);
  expect(told(none)).toEqual(['worker1: nothing is announced to 10.20.1.1 any more; it was 2 prefixes.']);
  expect(told(look(0, remember(none)))).toEqual(told(none));
  const unread = look(undefined, remember(none));
  expect(told(unread)).toEqual([]);
  expect(told(look(0, remember(unread)))).toEqual(told(none));
  expect(told(look(1, remember(none)))).toEqual([]);
  expect(told(look(0, remember(look(1, two))))[0]).toContain('it was 1 prefix.');
});

test('BFD that is down below an Established session is told as that, and makes no pod stale', () => {
  const pod = aPod('f5-tmm-1', 'worker1');
  const peers = ['10.20.1.1'];
  const read = anInspection([pod], {
    mapping: { worker1: '10.20.1.1' },
    pages: {
      'f5-tmm-1': {
        config: config(peers, { activated: { ipv4: true, ipv6: false }, bfd: true }),
        summary: summary({ '10.20.1.1': 'Established' }),
        bfd: {
          readable: true,
          sessions: new Map([['10.20.1.1', { up: false, state: 'Down' }]]),
          complete: true,
        },
      },
    },
  });
  const { bgp } = read.target;
  const withBfd = { ...bgp, neighbors: bgp.neighbors.map((one) => ({ ...one, fallover: true })) };
  const inspection = { ...read, target: { ...read.target, bgp: withBfd } };
  const told = observe({ ...look(1), target: inspection.target, inspection, pods: [pod] });
  expect(told.map(({ key }) => key)).toEqual(['bfd worker1 10.20.1.1']);
  expect(told[0]?.sentence).toMatch(/^worker1: 10\.20\.1\.1 is Established, but with BFD Down/);
  expect(stalenessOf(inspection, pod)).toEqual({ kind: 'current' });
});
