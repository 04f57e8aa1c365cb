import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node';
import { isRefusal, type Refusal } from '../../domain/refusal.ts';
import type { Target } from '../../domain/target.ts';
import { type Attempt, refusalOf, troubleOf } from './api-trouble.ts';

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
    return refusalOf(troubleOf(error), what);
  }
}

/** The first refusal of several answers. */
export function firstRefusal(...answers: readonly (object | undefined)[]): Refusal | undefined {
  return answers.find((answer): answer is Refusal => answer !== undefined && isRefusal(answer));
}
