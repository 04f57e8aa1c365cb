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

test('by the name of a TMM pod a query finds its node; a change is offered the node', () => {
  expect(findNode('pod/f5-tmm-7', names(NODES), 'query')).toEqual({ name: 'edge7.rack.example.com' });
  expect(findNode('f5-tmm-7', names(NODES), 'change')).toMatchObject({
    sentence: 'f5-tmm-7 is a TMM pod on edge7.rack.example.com, not a node.',
    meant: { typed: 'f5-tmm-7', name: 'edge7.rack.example.com' },
  });
});

test('an address is no node: a query leads to what the router serves, a change to how it is replaced', () => {
  expect(findNode('10.20.1.1', names(NODES), 'query')).toMatchObject({
    next: expect.stringContaining('peers 10.20.1.1'),
  });
  expect(findNode('10.20.1.1', names(NODES), 'change')).toMatchObject({
    next: expect.stringContaining('rotate OLD=NEW'),
  });
});

function names(all: readonly string[]): NodeNames {
  return {
    has: (name) => all.includes(name),
    labelled: (label) => all.filter((name) => name.startsWith(`${label}.`)),
    all: () => all,
    nodeOfPod: (name) => (name === 'f5-tmm-7' ? all.find((one) => one.startsWith('edge7')) : undefined),
  };
}
