import { type Anchor, anchorText } from '../../domain/audit/anchor.ts';
import type { ConfigMap } from './lookup-from.ts';

/** Where a lookup carries `SEQ:HASH` of the record that announced its last write. */
export const ANCHOR_ANNOTATION = 'tor-bgp-bot/audit-anchor';

/** False also for an empty map, which an API server does not keep. */
export function hasAnnotations({ metadata }: ConfigMap): boolean {
  return Object.keys(metadata.annotations ?? {}).length > 0;
}

/** The operation of a JSON Patch that sets the anchor beside whatever other annotations there are. */
export function annotate(found: ConfigMap, anchor: Anchor): object {
  const value = anchorText(anchor);
  if (!hasAnnotations(found))
    return { op: 'add', path: '/metadata/annotations', value: { [ANCHOR_ANNOTATION]: value } };
  const name = ANCHOR_ANNOTATION.replaceAll('/', '~1');
  return { op: 'add', path: `/metadata/annotations/${name}`, value };
}
