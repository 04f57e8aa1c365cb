import { AuthorizationV1Api, type KubeConfig } from '@kubernetes/client-node';
import { apiErrorOf } from './api-error.ts';
import { within } from './call-options.ts';

/** One verb on one resource; `namespace` absent means the whole cluster. */
export interface NeededRight {
  readonly verb: string;
  readonly group: string;
  /** With its subresource, as in `pods/exec`. */
  readonly resource: string;
  readonly namespace?: string;
}

export type RightsReport =
  | { readonly kind: 'checked'; readonly missing: readonly NeededRight[] }
  | { readonly kind: 'unanswered'; readonly why: string };

/** Asks the API server which of these rights the bot lacks. */
export async function checkRights(
  kubeConfig: KubeConfig,
  needed: readonly NeededRight[],
): Promise<RightsReport> {
  const api = kubeConfig.makeApiClient(AuthorizationV1Api);
  try {
    const allowed = await Promise.all(
      needed.map(async ({ verb, group, resource, namespace }) => {
        const [name, subresource] = resource.split('/');
        const resourceAttributes = {
          verb,
          group,
          ...(name === undefined ? {} : { resource: name }),
          ...(subresource === undefined ? {} : { subresource }),
          ...(namespace === undefined ? {} : { namespace }),
        };
        const review = await api.createSelfSubjectAccessReview(
          { body: { spec: { resourceAttributes } } },
          within(),
        );
        return review.status?.allowed ?? false;
      }),
    );
    return { kind: 'checked', missing: needed.filter((_, index) => !allowed[index]) };
  } catch (error) {
    const trouble = apiErrorOf(error);
    return {
      kind: 'unanswered',
      why: trouble.kind === 'silent' ? trouble.why : `the API server answered ${trouble.code}`,
    };
  }
}
