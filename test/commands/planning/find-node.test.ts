import { expect, test } from '@jest/globals';
import { findNode, type NodeNames } from '../../../src/commands/planning/find-node.ts';

const NODES = ['worker1.rack.example.com', 'worker2.rack.example.com', 'edge7.rack.example.com'];

test.each([
  ['wroker1', 'worker1.rack.example.com'],
  ['edge', 'edge7.rack.example.com'],
  ['worker1.rack.exmaple.com', 'worker1.rack.example.com'],
])('a node that was mistyped as %s is offered, and never taken for it', (typed, name) => {
  expect(findNode(typed, names(NODES), 'change')).toMatchObject({
    reasonCode: 'unknown_node',
    next: `Did you mean ${name}?`,
    meant: { typed, name },
  });
});

test('nothing is offered where nothing is near, or where two nodes have the name that is', () => {
  expect(findNode('router', names(NODES), 'change')).not.toHaveProperty('meant');
  const two = names(['worker1.east.example.com', 'worker1.west.example.com']);
  expect(findNode('wroker1', two, 'query')).not.toHaveProperty('meant');
});

function names(all: readonly string[]): NodeNames {
  return {
    has: (name) => all.includes(name),
    labelled: (label) => all.filter((name) => name.startsWith(`${label}.`)),
    all: () => all,
  };
}
