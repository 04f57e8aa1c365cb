import { expect, test } from '@jest/globals';
import { foresawNoTmm, type Plan, stepsInOrder } from '../../../src/domain/change/plan.ts';
import { restartOf } from './an-impact.ts';

const NODES = ['worker1', 'worker2'];
const differences = NODES.map((node) => ({
  lookup: 'tor',
  asn: 3535,
  node,
  before: null,
  after: '10.0.0.1',
  createsLookup: false,
}));

test.each<[Plan['strategy'], readonly string[]]>([
  [
    'rolling',
    ['write worker1', 'evict worker1', 'check worker1', 'write worker2', 'evict worker2', 'check worker2'],
  ],
  [
    'all at once',
    ['write worker1', 'write worker2', 'evict worker1', 'evict worker2', 'check worker1', 'check worker2'],
  ],
  ['none', ['write worker1', 'write worker2']],
])('the steps of a plan whose strategy is %s', (strategy, steps) => {
  const plan = restartOf(NODES, { differences, strategy });
  expect(stepsInOrder(plan).map(({ kind, node }) => `${kind} ${node}`)).toEqual(steps);
});

test('a node without a mapping that changes has its turn after those with one', () => {
  const plan = restartOf(NODES, { differences: differences.slice(1) });
  expect(stepsInOrder(plan).map(({ kind, node }) => `${kind} ${node}`)).toEqual([
    'write worker2',
    'evict worker2',
    'check worker2',
    'evict worker1',
    'check worker1',
  ]);
});

test('that a node may end without a TMM was foreseen where the approver was told so of this node', () => {
  const warnings = [
    { code: 'node_gone', sentence: '', node: 'worker1' },
    { code: 'sole_tmm', sentence: '', node: 'worker2' },
  ];
  expect(NODES.map((node) => foresawNoTmm({ warnings }, node))).toEqual([true, false]);
});
