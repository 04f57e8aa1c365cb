import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectKubeApi } from '../../../sandbox/src/kubelet/kube-api.ts';
import { controlPlaneFlags } from './control-plane-flags.ts';
import { freePorts } from './free-ports.ts';
import { kubeconfigFor } from './kubeconfig-for.ts';
import { type Program, startProgram } from './start-program.ts';

export interface ControlPlane {
  /** https, with a certificate that nobody vouches for. */
  url: string;
  adminToken: string;
  /** The token of each user that was asked for, by name. */
  tokens: Readonly<Record<string, string>>;
  /** A kubeconfig's text, for the administrator unless a token is given. */
  kubeconfig(token?: string): string;
  /** The same as a file that lasts until `stop()`. */
  kubeconfigFile(token?: string): Promise<string>;
  stop(): Promise<void>;
}

export interface ControlPlaneOptions {
  /** The folder that KUBEBUILDER_ASSETS names. */
  assets: string;
  /** Users beside the administrator; they may nothing until RBAC says so. */
  users?: readonly { name: string; groups?: readonly string[] }[];
}

const PATIENCE_MS = 90_000;

/** A real Kubernetes v1.20 control plane on free ports of this machine, ready to be used, without a kubelet. */
export async function startControlPlane({ assets, users = [] }: ControlPlaneOptions): Promise<ControlPlane> {
  await Promise.all(
    ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map((part) =>
      access(join(assets, part)),
    ),
  );
  const folder = await mkdtemp(join(tmpdir(), 'control-plane-'));
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0, controllerPort = 0, schedulerPort = 0] =
    await freePorts(5);
  const flags = controlPlaneFlags({ folder, etcdPort, etcdPeerPort, apiPort, controllerPort, schedulerPort });
  const url = `https://127.0.0.1:${apiPort}`;
  const adminToken = randomUUID();
  const tokens = Object.fromEntries(users.map(({ name }) => [name, randomUUID()]));
  const kubeconfig = (token: string = adminToken): string => kubeconfigFor(url, token);

  const rows = users.map(({ name, groups = [] }) => `${tokens[name]},${name},${name},"${groups.join(',')}"`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await Promise.all([
    writeFile(
      join(folder, 'tokens.csv'),
      `${[`${adminToken},admin,admin,"system:masters"`, ...rows].join('\n')}\n`,
    ),
    writeFile(join(folder, 'sa.key'), privateKey.export({ type: 'pkcs1', format: 'pem' })),
    writeFile(join(folder, 'admin.kubeconfig'), kubeconfig()),
  ]);

  const running: Program[] = [];
  const start = async (part: string, args: readonly string[]): Promise<void> => {
    running.push(await startProgram(join(assets, part), args, join(folder, `${part}.log`)));
  };
  const stop = async (): Promise<void> => {
    for (const program of running.splice(0).reverse()) await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await start('etcd', flags.etcd);
    await start('kube-apiserver', flags.apiServer);
    await readiness(url, adminToken, running);
    await start('kube-controller-manager', flags.controllerManager);
    await start('kube-scheduler', flags.scheduler);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    adminToken,
    tokens,
    kubeconfig,
    async kubeconfigFile(token) {
      const file = join(folder, `${randomUUID()}.kubeconfig`);
      await writeFile(file, kubeconfig(token), { mode: 0o600 });
      return file;
    },
    stop,
  };
}

/** Waits until the API is there, with its own roles and the namespaces that others need. */
async function readiness(url: string, token: string, programs: readonly Program[]): Promise<void> {
  const api = connectKubeApi({ url, token, insecure: true });
  const deadline = Date.now() + PATIENCE_MS;
  try {
    for (;;) {
      for (const program of programs) await program.check();
      try {
        await api.call('GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/cluster-admin');
        await api.call('GET', '/api/v1/namespaces/kube-node-lease');
        return;
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await sleep(250);
      }
    }
  } finally {
    await api.close();
  }
}
