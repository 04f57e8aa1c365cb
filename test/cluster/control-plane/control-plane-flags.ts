/** Where the parts of one control plane listen and keep their files. */
export interface Layout {
  folder: string;
  etcdPort: number;
  etcdPeerPort: number;
  apiPort: number;
  controllerPort: number;
  schedulerPort: number;
}

const CONTROLLERS = [
  'deployment',
  'replicaset',
  'daemonset',
  'disruption',
  'garbagecollector',
  'nodelifecycle',
  'namespace',
  'podgc',
  'serviceaccount',
];

/** The command line of every part of a Kubernetes v1.20 control plane, kept to this machine. */
export function controlPlaneFlags(layout: Layout) {
  const { folder, etcdPort, etcdPeerPort, apiPort } = layout;
  const etcd = `http://127.0.0.1:${etcdPort}`;
  const peer = `http://127.0.0.1:${etcdPeerPort}`;
  return {
    etcd: [
      `--data-dir=${folder}/etcd`,
      `--listen-client-urls=${etcd}`,
      `--advertise-client-urls=${etcd}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
    ],
    apiServer: [
      `--etcd-servers=${etcd}`,
      `--cert-dir=${folder}/api-certs`,
      '--bind-address=127.0.0.1',
      `--secure-port=${apiPort}`,
      `--token-auth-file=${folder}/tokens.csv`,
      '--authorization-mode=RBAC',
      '--service-cluster-ip-range=10.0.0.0/24',
      `--service-account-key-file=${folder}/sa.key`,
      `--service-account-signing-key-file=${folder}/sa.key`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--disable-admission-plugins=ServiceAccount',
      '--allow-privileged=true',
      '--kubelet-preferred-address-types=InternalIP',
    ],
    controllerManager: [
      ...following(folder, 'controller-certs', layout.controllerPort),
      `--controllers=${CONTROLLERS.join(',')}`,
      `--service-account-private-key-file=${folder}/sa.key`,
    ],
    scheduler: following(folder, 'scheduler-certs', layout.schedulerPort),
  };
}

function following(folder: string, certificates: string, port: number): string[] {
  return [
    `--kubeconfig=${folder}/admin.kubeconfig`,
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--port=0',
    `--secure-port=${port}`,
    `--cert-dir=${folder}/${certificates}`,
  ];
}
