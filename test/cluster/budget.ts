import { KubernetesObjectApi } from '@kubernetes/client-node';
import { kubeConfigFrom, NAMESPACE } from './cluster-under-test.ts';

/** Has the TMM pods keep `minAvailable`; v1beta1 is what servers before 1.21 know too. Returns how to lift it. */
export async function keepAvailable(
  kubeconfig: string,
  name: string,
  minAvailable: number,
): Promise<() => Promise<void>> {
  const objects = KubernetesObjectApi.makeApiClient(kubeConfigFrom(kubeconfig));
  const budget = {
    apiVersion: 'policy/v1beta1',
    kind: 'PodDisruptionBudget',
    metadata: { name, namespace: NAMESPACE },
    spec: { minAvailable, selector: { matchLabels: { app: 'f5-tmm' } } },
  };
  await objects.create(budget);
  return async () => void (await objects.delete(budget));
}
