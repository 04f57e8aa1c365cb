import { readMapping } from '../bgp/mapping.ts';
import { capitalized } from '../phrasing.ts';
import { nodesOf, type Plan } from './plan.ts';

/** What a plan changes, as a heading: `Rotate worker1.rack`, `Restart 3 nodes`, `Roll back BGP-11`. */
export function describeSubject(plan: Plan): string {
  const { verb, rollsBack } = plan;
  if (rollsBack !== undefined) return `Roll back ${rollsBack.change}`;
  const doing = capitalized(verb);
  const nodes = nodesOf(plan);
  const [only] = nodes;
  if (only === undefined) return doing;
  return nodes.length === 1 ? `${doing} ${shortNode(only)}` : `${doing} ${nodes.length} nodes`;
}

/** The result of a plan that changes a single mapping: `worker1.rack 10.20.1.1 → 10.20.1.9`; otherwise the heading. */
export function describeResult(plan: Plan): string {
  const [only, ...others] = plan.differences;
  if (only === undefined || others.length > 0 || plan.rollsBack !== undefined) return describeSubject(plan);
  const { node, before, after } = only;
  const name = shortNode(node);
  if (before === null) return `${name} has ${peersOf(after)}`;
  return after === null
    ? `${name} without ${peersOf(before)}`
    : `${name} ${peersOf(before)} → ${peersOf(after)}`;
}

/** The first two labels of a node's name: unique in practice, and short enough for a phone. */
export function shortNode(name: string): string {
  return name.split('.', 2).join('.');
}

/** Short names of these nodes, full names where two short ones would be the same. */
export function shortNodes(names: readonly string[]): ReadonlyMap<string, string> {
  const counts = new Map<string, number>();
  for (const name of new Set(names)) counts.set(shortNode(name), (counts.get(shortNode(name)) ?? 0) + 1);
  return new Map(names.map((name) => [name, counts.get(shortNode(name)) === 1 ? shortNode(name) : name]));
}

function peersOf(value: string | null): string {
  const mapping = readMapping(value ?? '');
  return 'unreadable' in mapping ? (value ?? '') : mapping.addresses.join(', ');
}
