import { expect, test } from '@jest/globals';
import { lastSeenSessions } from '../../../src/domain/bgp/live-sessions.ts';
import { anInspection, aPod, config, neighbors, summary, UNREADABLE } from '../checks/an-inspection.ts';

test('of each node that was asked, every session is as it was seen, of two pods the worse one', () => {
  const pods = [aPod('one', 'worker1'), aPod('two', 'worker1'), aPod('three', 'worker2')];
  const pages = {
    one: { summary: summary({ '10.20.1.1': 'Established' }), config: config(['10.20.1.1']) },
    two: { summary: summary({ '10.20.1.1': 'Connect' }), config: config(['10.20.1.1']) },
    three: { summary: UNREADABLE, config: config(['10.20.2.1']), neighbors: neighbors({}) },
  };
  expect(lastSeenSessions({ inspection: anInspection(pods, { pages }), pods })).toEqual({
    worker1: { '10.20.1.1': 'down' },
    worker2: { '10.20.2.1': 'unknown' },
  });
});

test.each([
  ['down', 'unknown'],
  ['unknown', 'absent'],
  ['absent', 'established'],
  ['down', 'established'],
] as const)(
  'of two pods on a node, a session that is %s counts before one that is %s, whichever pod comes first',
  (worse, better) => {
    const pods = [aPod('one', 'worker1'), aPod('two', 'worker1')];
    const pageOf = {
      down: { summary: summary({ '10.20.1.1': 'Connect' }), config: config(['10.20.1.1']) },
      unknown: { summary: UNREADABLE, config: config(['10.20.1.1']) },
      absent: { summary: summary({}), config: config([]) },
      established: { summary: summary({ '10.20.1.1': 'Established' }), config: config(['10.20.1.1']) },
    };
    for (const [one, two] of [
      [worse, better],
      [better, worse],
    ] as const) {
      const pages = { one: pageOf[one], two: pageOf[two] };
      expect(lastSeenSessions({ inspection: anInspection(pods, { pages }), pods })).toEqual({
        worker1: { '10.20.1.1': worse },
      });
    }
  },
);

test('a pod that stands on no node is none of any node', () => {
  const { node: _, ...pod } = aPod('one', 'worker1');
  expect(lastSeenSessions({ inspection: anInspection([pod]), pods: [pod] })).toEqual({});
});
