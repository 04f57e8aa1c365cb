import { expect, test } from '@jest/globals';
import { describeResult, describeSubject, shortNodes } from '../../../src/domain/change/describe-subject.ts';
import type { Difference, Plan } from '../../../src/domain/change/plan.ts';
import { restartOf } from './an-impact.ts';

const NODE = 'worker1.rack.example.com';

test.each<[string, Partial<Plan>, string, string]>([
  [
    'one node',
    { verb: 'rotate', differences: [of('10.0.0.1', '10.0.0.9')] },
    'Rotate worker1.rack',
    'worker1.rack 10.0.0.1 → 10.0.0.9',
  ],
  [
    'a new mapping',
    { verb: 'add', differences: [of(null, '10.0.0.9')] },
    'Add worker1.rack',
    'worker1.rack has 10.0.0.9',
  ],
  [
    'a mapping that goes',
    { verb: 'remove', differences: [of('10.0.0.1', null)] },
    'Remove worker1.rack',
    'worker1.rack without 10.0.0.1',
  ],
  [
    'a node with two routers, one of which goes',
    { verb: 'remove', differences: [of('10.0.0.1,10.0.0.2', '10.0.0.2')] },
    'Remove worker1.rack',
    'worker1.rack 10.0.0.1, 10.0.0.2 → 10.0.0.2',
  ],
  [
    'a value that cannot be read',
    { verb: 'rotate', differences: [of('?', '10.0.0.9')] },
    'Rotate worker1.rack',
    'worker1.rack ? → 10.0.0.9',
  ],
  [
    'a rollback',
    {
      verb: 'rollback',
      differences: [of('10.0.0.9', '10.0.0.1')],
      rollsBack: { change: 'BGP-3', verb: 'rotate' },
    },
    'Roll back BGP-3',
    'Roll back BGP-3',
  ],
  [
    'two nodes',
    {
      verb: 'rotate',
      differences: [of('10.0.0.1', '10.0.0.9'), { ...of('10.0.0.2', '10.0.0.8'), node: 'worker2' }],
    },
    'Rotate 2 nodes',
    'Rotate 2 nodes',
  ],
  ['nothing', { verb: 'config' }, 'Config', 'Config'],
])('the heading of a plan for %s', (_, given, subject, result) => {
  const plan = restartOf([], given);
  expect([describeSubject(plan), describeResult(plan)]).toEqual([subject, result]);
});

test('several nodes are counted, each once', () => {
  const plan = restartOf([NODE, 'worker2.rack'], { differences: [of('10.0.0.1', '10.0.0.9')] });
  expect(describeSubject(plan)).toBe('Restart 2 nodes');
});

test('nodes that would read the same keep their whole names', () => {
  expect(
    Object.fromEntries(shortNodes([NODE, 'worker1.rack.example.org', 'worker2.rack.example.com'])),
  ).toEqual({
    [NODE]: NODE,
    'worker1.rack.example.org': 'worker1.rack.example.org',
    'worker2.rack.example.com': 'worker2.rack',
  });
});

function of(before: string | null, after: string | null): Difference {
  return { lookup: 'tor', asn: 1, node: NODE, before, after, createsLookup: false };
}
