import { isJsonObject } from '../json.ts';
import type { Answer, Request } from './exchange.ts';

/** Everybody may everything here, and is told so. Undefined for any other path. */
export function reviewAccess(pathname: string, request: Request): Answer | undefined {
  if (pathname !== '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews' || request.method !== 'POST')
    return undefined;
  const body = request.body();
  const review = isJsonObject(body) ? body : {};
  const status = { allowed: true, reason: 'the sandbox has no access control' };
  const apiVersion = 'authorization.k8s.io/v1';
  return { status: 201, body: { ...review, kind: 'SelfSubjectAccessReview', apiVersion, status } };
}
