import { startExecServer } from '../../sandbox/src/kubelet/exec-server.ts';
import { SANDBOX_BGP } from '../../sandbox/src/sandbox-policy.ts';
import { NAMESPACE } from '../../sandbox/src/seed-cluster.ts';
import { createRouters } from '../../sandbox/src/zebos/routers.ts';
import { startZebos } from '../../sandbox/src/zebos/start-zebos.ts';
import type { Story } from '../stories/story.ts';

export const GHOST = 'ghost.rack.example.com';

/** A node with one TMM pod whose kubelet is the test's own, so that ZebOS there says whatever the test likes. */
export interface GhostNode {
  readonly pod: string;
  /** What its imish was asked. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

interface Ghost {
  /** What imish answers. */
  says(command: string): string;
  /** Why its container waits; it is Ready without. */
  readonly trouble?: string;
}

export async function startGhost({ core }: Story, ghost: Ghost): Promise<GhostNode> {
  const asked: string[] = [];
  const honest = startZebos({
    config: SANDBOX_BGP,
    peers: {},
    routers: createRouters(),
    hostname: 'ghost',
    routerId: '10.99.0.1',
  });
  const zebos = {
    ...honest,
    imish(command: string) {
      asked.push(command);
      return { stdout: ghost.says(command), stderr: '', exitCode: 0 };
    },
  };
  const kubelet = await startExecServer(0, () => ({ hostname: 'ghost', zebos }));
  await core.createNode({
    body: {
      metadata: { name: GHOST },
      spec: { unschedulable: true },
      status: {
        daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    },
  });
  const name = 'f5-tmm-ghost';
  const containers = [{ name: 'f5-tmm-routing', image: 'sandbox/ghost:1' }];
  await core.createNamespacedPod({
    namespace: NAMESPACE,
    body: { metadata: { name, labels: { app: 'f5-tmm' } }, spec: { nodeName: GHOST, containers } },
  });
  const { trouble } = ghost;
  const ready = trouble === undefined;
  await core.patchNamespacedPodStatus({
    name,
    namespace: NAMESPACE,
    body: [
      {
        op: 'add',
        path: '/status',
        value: {
          phase: 'Running',
          conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
          containerStatuses: [
            {
              name: 'f5-tmm-routing',
              ready,
              restartCount: 0,
              image: 'sandbox/ghost:1',
              imageID: '',
              state: ready ? { running: {} } : { waiting: { reason: 'CrashLoopBackOff', message: trouble } },
            },
          ],
        },
      },
    ],
  });
  return {
    pod: name,
    asked,
    async stop() {
      honest.stop();
      await kubelet.close();
    },
  };
}
