import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import type { Target } from '../../domain/bgp/target.ts';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import { type Attempt, apiErrorOf, refusalOf } from './api-error.ts';

/** One target and the way to its API server. */
export interface TargetApi {
  readonly target: Target;
  readonly kubeConfig: KubeConfig;
  readonly core: CoreV1Api;
}

export function targetApi(target: Target, kubeConfig: KubeConfig): TargetApi {
  return { target, kubeConfig, core: kubeConfig.makeApiClient(CoreV1Api) };
}

/** Reads something; what the server or the network does comes back as a refusal. */
export async function attempt<Value>(what: Attempt, call: () => Promise<Value>): Promise<Value | Refusal> {
  try {
    return await call();
  } catch (error) {
    return refusalOf(apiErrorOf(error), what);
  }
}

/** The first refusal of several answers. */
export function firstRefusal(...answers: readonly (object | undefined)[]): Refusal | undefined {
  return answers.find((answer): answer is Refusal => answer !== undefined && isRefusal(answer));
}
