import type { Cluster } from '../cluster.ts';
import type { JsonObject } from '../json.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import type { Selection } from '../objects/list-objects.ts';
import { groupVersion } from '../resource.ts';
import { expired } from '../status-error.ts';
import type { Change } from '../store.ts';
import type { Answer, Request } from './exchange.ts';
import { presentObject } from './present.ts';
import type { Route } from './route.ts';

const BOOKMARK_EVERY_MS = 4_000;
const MAX_S = 1_800;

/** Streams what happens to the selected objects, from the version that was asked for. */
export function watchObjects(cluster: Cluster, route: Route, selection: Selection, request: Request): Answer {
  return { stream: (write, end) => stream(cluster, route, selection, request, write, end) };
}

function stream(
  cluster: Cluster,
  route: Route,
  selection: Selection,
  request: Request,
  write: (line: string) => void,
  end: () => void,
): () => void {
  const { store } = cluster;
  const { query, closing } = request;
  const { resource } = route;
  let columnsSent = false;

  const send = (type: string, object: JsonObject): void => write(`${JSON.stringify({ type, object })}\n`);
  const show = (type: string, object: KubernetesObject): void => {
    const shown = presentObject(cluster, route, object, request);
    // Only the first table of a watch names its columns.
    send(type, columnsSent && shown.kind === 'Table' ? { ...shown, columnDefinitions: null } : shown);
    columnsSent = true;
  };
  const bookmark = (annotations?: JsonObject): void => {
    const metadata = {
      resourceVersion: String(store.version()),
      creationTimestamp: null,
      ...(annotations && { annotations }),
    };
    send('BOOKMARK', {
      kind: resource.kind,
      apiVersion: groupVersion(resource.group, route.version),
      metadata,
    });
  };
  const fits = (object: KubernetesObject | undefined): boolean => {
    const namespace = object?.metadata.namespace ?? '';
    return (
      object !== undefined &&
      (selection.namespace === '' || selection.namespace === namespace) &&
      selection.matches(object)
    );
  };
  const tell = (change: Change): void => {
    if (change.resource !== resource) return;
    const was = fits(change.previous);
    const is = change.type !== 'DELETED' && fits(change.object);
    if (was && is) show('MODIFIED', change.object);
    else if (is) show('ADDED', change.object);
    else if (was) show('DELETED', change.object);
  };

  const from = query.get('resourceVersion') ?? '';
  const bookmarks = query.get('allowWatchBookmarks') === 'true' || query.get('allowWatchBookmarks') === '1';
  const missed = from === '' || from === '0' ? [] : store.changesSince(Number(from));
  if (missed === undefined) {
    send('ERROR', { ...expired(`too old resource version: ${from} (${store.version()})`).status });
    end();
    return () => undefined;
  }
  const sendsInitial = query.get('sendInitialEvents') === 'true' || from === '' || from === '0';
  if (sendsInitial)
    for (const object of store.list(resource, selection.namespace)) if (fits(object)) show('ADDED', object);
  if (query.get('sendInitialEvents') === 'true') bookmark({ 'k8s.io/initial-events-end': 'true' });
  for (const change of missed) tell(change);

  const stopListening = store.subscribe(tell);
  const beat = bookmarks ? setInterval(bookmark, BOOKMARK_EVERY_MS) : undefined;
  const seconds = Number(query.get('timeoutSeconds') ?? 0) || MAX_S;
  const finish = (): void => {
    if (bookmarks) bookmark();
    end();
  };
  const timer = setTimeout(finish, seconds * 1000);
  closing.addEventListener('abort', end, { once: true });
  return () => {
    stopListening();
    clearInterval(beat);
    clearTimeout(timer);
    closing.removeEventListener('abort', end);
  };
}
