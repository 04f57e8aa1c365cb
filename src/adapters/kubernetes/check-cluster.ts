import { AuthorizationV1Api, KubeConfig } from '@kubernetes/client-node';
import { isEnded } from '../../domain/bgp/snapshot.ts';
import { lookupsOf, type Target } from '../../domain/bgp/target.ts';
import type { Diagnostic } from '../../domain/fault.ts';
import { counted } from '../../domain/phrasing.ts';
import { isRefusal } from '../../domain/refusal.ts';
import { apiErrorOf } from './api-error.ts';
import { loadKubeConfig, type Where } from './kube-config.ts';
import { readTarget } from './read-target.ts';
import { newCall, targetApi, within } from './target-api.ts';

interface DeclaredRight {
  readonly verbs: readonly string[];
  readonly group: string;
  readonly resource: string;
  readonly scope: 'namespace' | 'cluster';
  readonly names?: readonly string[];
}

/** Whether the cluster can be reached, which rights the bot lacks, and what is missing in the target. */
export async function checkCluster(
  target: Target,
  where: Omit<Where, 'context'>,
  declared: readonly DeclaredRight[],
): Promise<readonly Diagnostic[]> {
  const about = (text: string): string => `target ${target.name}: ${text}`;
  const { context } = target;
  const kubeConfig = loadKubeConfig({ ...where, ...(context === undefined ? {} : { context }) });
  if (!(kubeConfig instanceof KubeConfig)) {
    return [
      { tone: 'bad', text: about(`${kubeConfig.path}: ${kubeConfig.problem}`), remedy: kubeConfig.remedy },
    ];
  }
  const rights = await checkRights(kubeConfig, neededIn(target, declared));
  if (rights.kind === 'unanswered') {
    const server = kubeConfig.getCurrentCluster()?.server ?? 'the API server';
    return [
      {
        tone: 'bad',
        text: about(`${server}: ${rights.why}`),
        remedy: 'Check KUBECONFIG and the network path to the API server.',
      },
    ];
  }
  const missing = rights.missing.map(
    ({ verb, resource, name, namespace }): Diagnostic => ({
      tone: 'bad',
      text: about(
        `the bot may not ${verb} ${resource}${name === undefined ? '' : ` ${name}`}${namespace === undefined ? '' : ` in namespace ${namespace}`}`,
      ),
      remedy: 'Apply what `tor-bgp-bot manifest role` prints.',
    }),
  );
  if (missing.length > 0) return missing;
  const snapshot = await readTarget(targetApi(target, kubeConfig));
  if (isRefusal(snapshot)) return [{ tone: 'bad', text: about(snapshot.sentence), remedy: snapshot.next }];
  const absent = lookupsOf(target).filter(({ name }) => !snapshot.lookups.has(name));
  const running = snapshot.pods.filter((pod) => !isEnded(pod));
  const pods = running.length;
  const routing = running.filter((pod) => pod.routing).length;
  return [
    {
      tone: 'good',
      text: about(`the cluster answers, all rights are granted, ${counted(snapshot.nodes.length, 'node')}`),
    },
    ...absent.map(
      ({ name }): Diagnostic => ({
        tone: 'warning',
        text: about(`ConfigMap ${name} does not exist yet; \`add\` creates it`),
      }),
    ),
    pods === 0
      ? {
          tone: 'warning',
          text: about(`no pod matches ${target.tmm.selector} in ${target.tmm.namespace}`),
          remedy: 'See tmm.selector and tmm.namespace.',
        }
      : routing === 0
        ? {
            tone: 'warning',
            text: about(`none of ${pods} TMM pods has a container ${target.tmm.container}`),
            remedy: 'Is dynamic routing enabled in the Helm values?',
          }
        : { tone: 'good', text: about(`${routing} of ${pods} TMM pods run the routing container`) },
  ];
}

function neededIn(target: Target, declared: readonly DeclaredRight[]): readonly NeededRight[] {
  const needed = new Map<string, NeededRight>();
  for (const { verbs, group, resource, scope, names } of declared) {
    const ofTmms = resource.startsWith('pods') || group === 'apps';
    const namespace = ofTmms ? target.tmm.namespace : target.namespace;
    for (const [verb, name] of verbs.flatMap((one) =>
      (names ?? [undefined]).map((of) => [one, of] as const),
    )) {
      const right = {
        verb,
        group,
        resource,
        ...(name === undefined ? {} : { name }),
        ...(scope === 'cluster' ? {} : { namespace }),
      };
      needed.set(JSON.stringify(right), right);
    }
  }
  return [...needed.values()];
}

/** One verb on one resource; without `namespace`, in the whole cluster. */
export interface NeededRight {
  readonly verb: string;
  readonly group: string;
  /** Including the subresource, as in `pods/exec`. */
  readonly resource: string;
  /** Absent: every object of the kind. */
  readonly name?: string;
  readonly namespace?: string;
}

export type RightsReport =
  | { readonly kind: 'checked'; readonly missing: readonly NeededRight[] }
  | { readonly kind: 'unanswered'; readonly why: string };

/** Asks the API server which of these rights the bot lacks. */
async function checkRights(kubeConfig: KubeConfig, needed: readonly NeededRight[]): Promise<RightsReport> {
  const api = kubeConfig.makeApiClient(AuthorizationV1Api);
  try {
    const allowed = await Promise.all(
      needed.map(async ({ verb, group, resource, name, namespace }) => {
        const [plural, subresource] = resource.split('/');
        const resourceAttributes = {
          verb,
          group,
          ...(plural === undefined ? {} : { resource: plural }),
          ...(name === undefined ? {} : { name }),
          ...(subresource === undefined ? {} : { subresource }),
          ...(namespace === undefined ? {} : { namespace }),
        };
        const review = await api.createSelfSubjectAccessReview(
          { body: { spec: { resourceAttributes } } },
          within(newCall(new AbortController().signal)),
        );
        return review.status?.allowed ?? false;
      }),
    );
    return { kind: 'checked', missing: needed.filter((_, index) => !allowed[index]) };
  } catch (error) {
    const apiError = apiErrorOf(error);
    return {
      kind: 'unanswered',
      why: apiError.kind === 'silent' ? apiError.why : `the API server answered ${apiError.code}`,
    };
  }
}
