import type { Node } from '../../domain/bgp/snapshot.ts';

/** Ready or not, cordoned or not, in words. */
export function nodeState(node: Node | undefined): string {
  if (node === undefined) return 'not in the cluster';
  return [node.ready ? 'Ready' : 'NotReady', ...(node.cordoned ? ['cordoned'] : [])].join(', ');
}
