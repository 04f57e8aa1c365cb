// An API server of its own process, as little as the bot's reading needs: nodes, TMM pods and one lookup, listed in
// pages, by name and by node, and watched. `node bench/api-server.mjs NODES` prints its address. POST /_events?pods=N
// sends N events of pods to who watches them, POST /_events?lookup=VALUE one of the lookup, with another first value.
import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

const count = Number(process.argv[2] ?? 10);
const PER_RACK = 10;
const CREATED = '2026-11-01T00:00:00Z';
let version = 1_000;

const names = Array.from(
  { length: count },
  (_, at) => `worker${String(at).padStart(5, '0')}.rack.example.com`,
);
const positions = new Map(names.map((name, at) => [name, at]));
const lookup = Object.fromEntries(names.map((name, at) => [name, peersOf(Math.floor(at / PER_RACK))]));
const readiness = new Map();
/** Who watches, by the kind of object. */
const watchers = { nodes: new Set(), pods: new Set(), configmaps: new Set() };

/** Two routers of a rack with two addresses each, written so that 10,000 nodes fill nearly 1 MiB. */
function peersOf(rack) {
  const router = (index) => `10.${100 + index}.${rack >> 8}.${rack & 255}`;
  return [0, 1, 2, 3].map(router).join(', ');
}

const metadata = (name, more = {}) => ({
  name,
  uid: `00000000-0000-4000-8000-${name
    .slice(-20)
    .replaceAll(/[^0-9a-f]/g, '0')
    .slice(0, 12)}`,
  resourceVersion: String(version),
  creationTimestamp: CREATED,
  ...more,
});

/** As large as a node with twenty images is. */
function nodeOf(at) {
  const name = names[at];
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: metadata(name, {
      labels: {
        'beta.kubernetes.io/arch': 'amd64',
        'beta.kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'kubernetes.io/os': 'linux',
        'node-role.kubernetes.io/worker': '',
        'node.openshift.io/os_id': 'rhcos',
        'feature.node.kubernetes.io/cpu-hardware_multithreading': 'true',
        'feature.node.kubernetes.io/network-sriov.capable': 'true',
        'topology.kubernetes.io/region': 'rack-hall',
        'topology.kubernetes.io/zone': `row-${at % 40}`,
        app: 'f5-tmm',
      },
      managedFields: [
        {
          manager: 'kubelet',
          operation: 'Update',
          apiVersion: 'v1',
          time: CREATED,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:status': { 'f:conditions': conditionFields(), 'f:images': {}, 'f:nodeInfo': {} } },
        },
      ],
    }),
    spec: {
      podCIDR: `10.${at >> 8}.${at & 255}.0/24`,
      taints: [{ key: 'tmm', value: 'true', effect: 'NoSchedule' }],
    },
    status: {
      capacity: { cpu: '64', memory: '263855556Ki', pods: '110', 'hugepages-2Mi': '32Gi' },
      allocatable: { cpu: '63', memory: '263753156Ki', pods: '110', 'hugepages-2Mi': '32Gi' },
      conditions: ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => ({
        type,
        status: type === 'Ready' ? 'True' : 'False',
        lastHeartbeatTime: CREATED,
        lastTransitionTime: CREATED,
        reason: `Kubelet${type}`,
        message: `kubelet reports about ${type}`,
      })),
      addresses: [{ type: 'InternalIP', address: `172.16.${at >> 8}.${at & 255}` }],
      images: Array.from({ length: 20 }, (_, image) => ({
        names: [
          `registry.example.com/spk/image-${image}@sha256:${String(image).padStart(64, '0')}`,
          `registry.example.com/spk/image-${image}:v1.${image}`,
        ],
        sizeBytes: 100_000_000 + image,
      })),
    },
  };
}

function conditionFields() {
  return Object.fromEntries(
    ['MemoryPressure', 'DiskPressure', 'PIDPressure', 'Ready'].map((type) => [
      `k:{"type":"${type}"}`,
      { '.': {}, 'f:type': {}, 'f:status': {}, 'f:lastHeartbeatTime': {}, 'f:reason': {} },
    ]),
  );
}

function podOf(at) {
  const name = `f5-tmm-7f6d9c5b8-${String(at).padStart(5, '0')}`;
  const ready = readiness.get(at) ?? true;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: metadata(name, {
      namespace: 'spk-ingress',
      labels: { app: 'f5-tmm' },
      ownerReferences: [
        { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'f5-tmm-7f6d9c5b8', uid: 'rs', controller: true },
      ],
      managedFields: [
        {
          manager: 'kubelet',
          operation: 'Update',
          apiVersion: 'v1',
          time: CREATED,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:status': { 'f:conditions': conditionFields(), 'f:containerStatuses': {} } },
        },
      ],
    }),
    spec: {
      nodeName: names[at],
      nodeSelector: { app: 'f5-tmm' },
      tolerations: [
        { key: 'tmm', operator: 'Exists', effect: 'NoSchedule' },
        {
          key: 'node.kubernetes.io/not-ready',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
        {
          key: 'node.kubernetes.io/unreachable',
          operator: 'Exists',
          effect: 'NoExecute',
          tolerationSeconds: 300,
        },
      ],
      containers: ['f5-tmm', 'f5-tmm-routing', 'debug'].map((container) => ({
        name: container,
        image: `registry.example.com/spk/${container}:v1`,
        env: Array.from({ length: 30 }, (_, index) => ({
          name: `SETTING_${index}`,
          value: `value ${index}`,
        })),
        resources: { limits: { cpu: '2', memory: '2Gi' } },
      })),
    },
    status: {
      phase: 'Running',
      conditions: ['Initialized', 'Ready', 'ContainersReady', 'PodScheduled'].map((type) => ({
        type,
        status: type === 'Ready' && !ready ? 'False' : 'True',
        lastTransitionTime: CREATED,
      })),
      containerStatuses: ['f5-tmm', 'f5-tmm-routing', 'debug'].map((container) => ({
        name: container,
        ready,
        restartCount: 0,
        state: { running: { startedAt: CREATED } },
      })),
    },
  };
}

function namespace() {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: metadata('kube-system') };
}

function replicaSet() {
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { ...metadata('f5-tmm-7f6d9c5b8'), uid: 'rs', generation: 1 },
    spec: { replicas: count },
    status: { observedGeneration: 1, replicas: count, availableReplicas: count },
  };
}

function lookupObject() {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: metadata('spk-tor-bgp', {
      namespace: 'spk-ingress',
      managedFields: [
        {
          manager: 'kubectl-edit',
          operation: 'Update',
          apiVersion: 'v1',
          time: CREATED,
          fieldsType: 'FieldsV1',
          fieldsV1: { 'f:data': Object.fromEntries(names.map((name) => [`f:${name}`, {}])) },
        },
      ],
    }),
    data: lookup,
  };
}

/** What a list's field selector leaves, as positions. */
function selected(query) {
  const [, field, value] =
    /^(metadata\.name|spec\.nodeName)=(.*)$/.exec(query.get('fieldSelector') ?? '') ?? [];
  if (field === undefined) return [...names.keys()];
  const at = positions.get(value);
  return at === undefined ? [] : [at];
}

function listOf(kind, query, objectOf) {
  const all = selected(query);
  const from = Number(query.get('continue') ?? 0);
  const to = Math.min(all.length, from + Number(query.get('limit') ?? all.length));
  return {
    apiVersion: 'v1',
    kind: `${kind}List`,
    metadata: { resourceVersion: String(version), ...(to < all.length ? { continue: String(to) } : {}) },
    items: all.slice(from, to).map(objectOf),
  };
}

const server = createServer(async (request, response) => {
  const { pathname, searchParams: query } = new URL(request.url ?? '/', 'http://localhost');
  const answer = (object, code = 200) => {
    response.writeHead(code, { 'content-type': 'application/json' });
    response.end(JSON.stringify(object));
  };
  if (pathname === '/api/v1/namespaces/kube-system') return answer(namespace());
  if (pathname.startsWith('/apis/apps/v1/')) return answer(replicaSet());
  const resource = pathname.split('/').find((part) => part in watchers);
  if (request.method === 'POST' && pathname === '/_events') {
    await sendEvents(query);
    return answer({});
  }
  if (resource === undefined) return answer({ kind: 'Status', code: 404 }, 404);
  if (query.get('watch') === 'true') {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.flushHeaders();
    watchers[resource].add(response);
    const ending = setTimeout(() => response.end(), 1000 * Number(query.get('timeoutSeconds') ?? 60));
    response.on('close', () => {
      clearTimeout(ending);
      watchers[resource].delete(response);
    });
    return undefined;
  }
  if (resource === 'nodes') return answer(listOf('Node', query, nodeOf));
  if (resource === 'pods') return answer(listOf('Pod', query, podOf));
  const one = pathname.endsWith('/spk-tor-bgp') || query.get('fieldSelector') === 'metadata.name=spk-tor-bgp';
  if (pathname.endsWith('/configmaps')) {
    return answer({
      apiVersion: 'v1',
      kind: 'ConfigMapList',
      metadata: { resourceVersion: String(version) },
      items: one ? [lookupObject()] : [],
    });
  }
  const details = { name: pathname.split('/').at(-1) };
  return one
    ? answer(lookupObject())
    : answer({ kind: 'Status', reason: 'NotFound', details, code: 404 }, 404);
});

/** Once somebody watches: nothing is kept for a watch that begins later. */
async function sendEvents(query) {
  const pods = Number(query.get('pods') ?? 0);
  while (watchers[pods > 0 ? 'pods' : 'configmaps'].size === 0) await sleep(20);
  for (let sent = 0; sent < pods; sent += 1) {
    version += 1;
    const at = sent % count;
    readiness.set(at, !(readiness.get(at) ?? true));
    send('pods', podOf(at));
  }
  const value = query.get('lookup');
  if (value !== null) {
    version += 1;
    lookup[names[0]] = value;
    send('configmaps', lookupObject());
  }
}

function send(resource, object) {
  const line = `${JSON.stringify({ type: 'MODIFIED', object })}\n`;
  for (const response of watchers[resource]) response.write(line);
}

server.listen(0, '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${server.address().port}\n`));
