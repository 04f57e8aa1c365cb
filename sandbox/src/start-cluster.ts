import { type Kubelet, startKubelet } from './kubelet/start-kubelet.ts';
import type { Cluster } from './kubernetes/cluster.ts';
import { kubeconfigFor } from './kubernetes/kubeconfig-for.ts';
import { kubernetesObjectSchema } from './kubernetes/kubernetes-object.ts';
import { createObject } from './kubernetes/objects/create-object.ts';
import { resourceOfKind } from './kubernetes/resources.ts';
import type { Interfere } from './kubernetes/server/interference.ts';
import { startApiServer } from './kubernetes/start-api-server.ts';
import { startControllers } from './kubernetes/start-controllers.ts';
import { SANDBOX_BGP } from './sandbox-policy.ts';
import { NAMESPACE, NODES, SEED } from './seed-cluster.ts';
import type { Routers } from './zebos/routers.ts';
import type { StartRouting } from './zebos/start-zebos.ts';

export interface SandboxCluster {
  readonly url: string;
  /** YAML for kubectl and the bot. */
  readonly kubeconfig: string;
  readonly kubelet: Kubelet;
  /** What the API server serves. */
  readonly objects: Cluster;
  stop(): Promise<void>;
}

interface Options {
  readonly port: number;
  readonly routers: Routers;
  /** What stands in the cluster at first; the sandbox's own seed unless given. */
  readonly seed?: readonly object[];
  /** Breaks requests to the API server on purpose. */
  readonly interfere?: Interfere | undefined;
  /** What runs in a TMM pod's routing container; the sandbox's own ZebOS unless given. */
  readonly startRouting?: StartRouting | undefined;
}

/** An API server with its controllers, and a kubelet whose TMM pods run ZebOS against the given routers. */
export async function startCluster({
  port,
  routers,
  seed = SEED,
  interfere,
  startRouting,
}: Options): Promise<SandboxCluster> {
  const server = await startApiServer({ port, interfere });
  const controllers = startControllers(server.cluster);
  try {
    const kubelet = await startKubelet({
      api: { url: server.url },
      nodes: NODES,
      port: 0,
      scheme: 'http',
      routing: { config: SANDBOX_BGP, container: 'f5-tmm-routing', selector: { app: 'f5-tmm' } },
      routers,
      startRouting,
    });
    for (const object of seed) create(server.cluster, object);
    return {
      url: server.url,
      kubeconfig: kubeconfigFor(server.url, NAMESPACE),
      kubelet,
      objects: server.cluster,
      async stop() {
        await kubelet.stop();
        controllers.stop();
        await server.stop();
      },
    };
  } catch (error) {
    controllers.stop();
    await server.stop();
    throw error;
  }
}

function create(cluster: Cluster, object: object): void {
  const { apiVersion, kind, metadata } = kubernetesObjectSchema.parse(object);
  const resource = resourceOfKind(apiVersion, kind);
  if (resource === undefined) throw new Error(`seeding the cluster: there is no ${kind} in ${apiVersion}`);
  createObject(cluster, resource, metadata.namespace ?? '', object, { fieldManager: 'sandbox' });
}
