import type { Node } from './snapshot.ts';

/** Whether a label names the rack of a node: `rack` alone, or after a prefix, as in `topology.kubernetes.io/rack` or `site-rack`. */
export function isRackLabel(key: string): boolean {
  return /(^|[/.-])rack$/.test(key);
}

/** The rack that the first such label of a node names. */
export function rackOf(node: Node | undefined): string | undefined {
  return Object.entries(node?.labels ?? {}).find(([key, value]) => value !== '' && isRackLabel(key))?.[1];
}
