import type { KubeConfig } from '@kubernetes/client-node';
import { type Anchor, type AnchorSource, anchorText, readAnchor } from '../../domain/audit/anchor.ts';
import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { clipWellFormed } from '../../domain/well-formed.ts';
import { ANCHOR_ANNOTATION, type ConfigMap } from './lookup-from.ts';
import { readConfigMap } from './read-target.ts';
import { type TargetApi, targetApi } from './target-api.ts';

/** False also for an empty map, which the API server drops. */
function hasAnnotations({ metadata }: ConfigMap): boolean {
  return Object.keys(metadata.annotations ?? {}).length > 0;
}

/** JSON Patch operation that sets the anchor and keeps other annotations. */
export function annotate(found: ConfigMap, anchor: Anchor): object {
  const value = anchorText(anchor);
  if (!hasAnnotations(found))
    return { op: 'add', path: '/metadata/annotations', value: { [ANCHOR_ANNOTATION]: value } };
  const name = ANCHOR_ANNOTATION.replaceAll('/', '~1');
  return { op: 'add', path: `/metadata/annotations/${name}`, value };
}

/** Reads the anchor from each lookup of a target. A lookup that the bot never wrote has none. */
export function readLookupAnchors(target: Target, kubeConfig: KubeConfig): Promise<readonly AnchorSource[]> {
  const api = targetApi(target, kubeConfig);
  return Promise.all(lookupsOf(target).map((lookup) => readOne(api, lookup.name)));
}

async function readOne(api: TargetApi, lookup: string): Promise<AnchorSource> {
  const name = `ConfigMap ${api.target.namespace}/${lookup} of ${api.target.name}`;
  const found = await readConfigMap(api, lookup);
  if (found !== undefined && isRefusal(found))
    return { name, anchors: [], findings: [], error: found.sentence };
  const text = found?.metadata.annotations?.[ANCHOR_ANNOTATION];
  if (text === undefined) return { name, anchors: [], findings: [] };
  const anchor = readAnchor(text);
  if (anchor !== undefined) return { name, anchors: [{ anchor, where: name }], findings: [] };
  const said = JSON.stringify(clipWellFormed(text, 100));
  return {
    name,
    anchors: [],
    findings: [`${name}: its annotation ${ANCHOR_ANNOTATION} is not an anchor: ${said}`],
  };
}
