import { expect, test } from '@jest/globals';
import { lastSeenSessions } from '../../../src/domain/drift/last-seen-sessions.ts';
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
