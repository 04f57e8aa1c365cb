import { readNodes } from '../commands/inspection/read-map.ts';
import type { Picture } from '../domain/answer.ts';
import type { AuditRecord } from '../domain/audit/record.ts';
import type { Change } from '../domain/change/change.ts';
import type { Impact } from '../domain/change/impact.ts';
import { drawMap } from '../domain/map/draw-map.ts';
import {
  countsOf,
  type MapNode,
  type NetworkMap,
  nodeVerdict,
  sharedSuffix,
  worstOf,
} from '../domain/map/network-map.ts';
import { toSvg } from '../domain/map/to-svg.ts';
import { isRefusal } from '../domain/refusal.ts';
import type { ChangePictures } from '../ports/chat.ts';
import type { Dependencies } from './dependencies.ts';

/** After this long a picture no longer says anything about the change. */
const TOO_LATE_MS = 60_000;
const MAX_NODES = 100;

/**
 * After a change that restarted TMM pods has succeeded, posts a picture below its card: their sessions when it was proposed, and
 * now. The picture is optional: an error is reported to `onError`, and not tried again.
 */
export function openBeforeAndAfter(
  { store, policy, clusters, clock }: Pick<Dependencies, 'store' | 'policy' | 'clusters' | 'clock'>,
  pictures: ChangePictures,
  onError: (error: unknown) => void,
): (record: AuditRecord) => Promise<void> {
  return async ({ event, change: id, at }) => {
    if (event !== 'change.succeeded' || id === null || clock.now() - Date.parse(at) > TOO_LATE_MS) return;
    try {
      const change = await store.change(id);
      const target = policy.targets.find(({ name }) => name === change?.plan.target);
      const cluster = clusters.get(target?.name ?? '');
      if (change?.impact === undefined || target === undefined || cluster === undefined) return;
      // The pods were read live before *done* was reported; only their sessions are read again.
      const snapshot = cluster.cachedSnapshot() ?? (await cluster.snapshot());
      if (isRefusal(snapshot)) return onError(new Error(`drawing ${id}: ${snapshot.sentence}`));
      const before = nodesBefore(change, change.impact);
      const names = before.map(({ name }) => name);
      await pictures.post(id, pictureOf(change, before, await readNodes(cluster, target, snapshot, names)));
    } catch (error) {
      onError(error);
    }
  };
}

function pictureOf({ id, plan }: Change, before: readonly MapNode[], after: readonly MapNode[]): Picture {
  const was = countsOf({ racks: [{ nodes: before }] });
  const is = countsOf({ racks: [{ nodes: after }] });
  const map: NetworkMap = {
    target: plan.target,
    racks: [
      { name: 'Before', nodes: before },
      { name: 'After', nodes: after },
    ],
    suffix: sharedSuffix([...before, ...after].map(({ name }) => name)),
    heading: {
      title: `${id}: before and after`,
      summary: `After it: ${is}`,
      verdict: worstOf(after.map(nodeVerdict)),
    },
  };
  return {
    kind: 'picture',
    name: `${id.toLowerCase()}-before-and-after`,
    svg: toSvg(drawMap(map)),
    alt: `${id}, before: ${was}; after: ${is}`,
    asText: `status ${id}`,
  };
}

/** What was read, when the change was proposed, of the pods that it restarted. */
function nodesBefore({ plan }: Change, { pods }: Impact): readonly MapNode[] {
  return plan.restarts.slice(0, MAX_NODES).map(({ node, pods: restarted }) => {
    const read = restarted.map(({ uid, name }) => ({ name, found: pods.find((pod) => pod.uid === uid) }));
    return {
      name: node,
      state: '',
      notes: read.flatMap(({ name, found }) => {
        const why = found === undefined ? 'not read' : found.unread;
        return why === undefined ? [] : [{ verdict: 'unknown' as const, text: `${name}: ${why}` }];
      }),
      pods: read.map(({ name, found }) => ({
        name,
        state: '',
        ready: true,
        sessions: found?.sessions ?? [],
      })),
    };
  });
}
