import type { Cluster } from '../cluster.ts';
import type { KubernetesObject } from '../kubernetes-object.ts';
import { applyPatch } from '../objects/patch-object.ts';
import { scaleOf, withScale } from '../objects/scale.ts';
import { updateObject } from '../objects/update-object.ts';
import { methodNotAllowed } from '../status-error.ts';
import type { Answer, Request } from './exchange.ts';
import type { Route } from './route.ts';

/** The `scale` subresource: how many replicas, read and written apart from everything else. */
export function serveScale(
  cluster: Cluster,
  { resource }: Route,
  object: KubernetesObject,
  request: Request,
): Answer {
  const { method, contentType, text, query } = request;
  const options = {
    subresource: '' as const,
    dryRun: query.getAll('dryRun').includes('All'),
    fieldManager: 'scale',
  };
  const write = (scale: unknown): Answer => ({
    status: 200,
    body: scaleOf(updateObject(cluster, resource, object, withScale(object, scale), options)),
  });
  switch (method) {
    case 'GET':
      return { status: 200, body: scaleOf(object) };
    case 'PUT':
      return write(request.body());
    case 'PATCH':
      return write(applyPatch({ ...scaleOf(object) }, { contentType, text }));
    default:
      throw methodNotAllowed();
  }
}
