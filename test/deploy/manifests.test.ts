import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';

const DEPLOY = fileURLToPath(new URL('../../deploy', import.meta.url));
const hasKubectl = spawnSync('kubectl', ['version', '--client'], { stdio: 'ignore' }).status === 0;

const kustomization = z.strictObject({
  apiVersion: z.string(),
  kind: z.literal('Kustomization'),
  resources: z.array(z.string()),
  configMapGenerator: z.array(
    z.strictObject({ name: z.string(), namespace: z.string(), files: z.array(z.string()) }),
  ),
});
const manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
const container = z.looseObject({
  image: z.string(),
  securityContext: z.record(z.string(), z.unknown()),
  ports: z.array(z.looseObject({ containerPort: z.number() })).default([]),
  env: z.array(z.looseObject({ name: z.string(), value: z.string().optional() })).default([]),
  volumeMounts: z.array(
    z.looseObject({ name: z.string(), mountPath: z.string(), readOnly: z.boolean().optional() }),
  ),
});
const podSpec = z.looseObject({
  securityContext: z.record(z.string(), z.unknown()),
  containers: z.array(container),
  volumes: z.array(z.looseObject({ name: z.string() })),
  topologySpreadConstraints: z.array(z.looseObject({})),
});
const labels = z.record(z.string(), z.string());
const deployment = z.looseObject({
  spec: z.looseObject({
    replicas: z.number(),
    template: z.looseObject({ metadata: z.looseObject({ labels }), spec: podSpec }),
  }),
});
const byLabels = z.looseObject({ matchLabels: labels });

const read = (file: string): string => readFileSync(join(DEPLOY, file), 'utf8');
const packed = kustomization.parse(parse(read('kustomization.yaml')));
const written = packed.resources.flatMap((file) => documentsOf(read(file)));
const [pod] = written
  .filter(({ kind }) => kind === 'Deployment')
  .map((one) => deployment.parse(one).spec.template);
if (pod === undefined) throw new Error('deploy/ has no Deployment');
const { spec } = pod;
const [bot] = spec.containers;

describe('what `kubectl apply -k deploy` applies', () => {
  test('is every file of the folder but the policy’s and Slack’s', () => {
    const named = new Set([...written.map(({ kind }) => kind)]);
    expect([...named].sort()).toEqual([
      'ClusterRole',
      'ClusterRoleBinding',
      'Deployment',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Role',
      'RoleBinding',
      'ServiceAccount',
    ]);
  });

  test('packs the policy that it asks for, which is not the example', () => {
    expect(packed.configMapGenerator).toEqual([
      { name: 'tor-bgp-bot-policy', namespace: 'tor-bgp-bot', files: ['policy.yaml'] },
    ]);
    expect(readFileSync(join(DEPLOY, '../.gitignore'), 'utf8')).toContain('/deploy/policy.yaml');
  });

  test('replicas are at least two, on nodes of their own where there are some, and one stays while nodes are drained', () => {
    const replicas = written.flatMap((one) => {
      const parsed = deployment.safeParse(one);
      return parsed.success ? [parsed.data.spec.replicas] : [];
    });
    expect(replicas).toEqual([2]);
    expect(spec.topologySpreadConstraints).toEqual([
      expect.objectContaining({ maxSkew: 1, topologyKey: 'kubernetes.io/hostname' }),
    ]);
    expect(only('PodDisruptionBudget')).toMatchObject({ apiVersion: 'policy/v1', spec: { minAvailable: 1 } });
  });

  test('what Kubernetes before 1.26 refuses is not in the budget until its line is uncommented', () => {
    const written = read('pod-disruption-budget.yaml');
    expect(parse(written).spec).toEqual({
      minAvailable: 1,
      selector: { matchLabels: { app: 'tor-bgp-bot' } },
    });
    const newer = written.replace('#unhealthyPodEvictionPolicy', 'unhealthyPodEvictionPolicy');
    expect(parse(newer).spec).toMatchObject({ unhealthyPodEvictionPolicy: 'AlwaysAllow' });
  });

  test('the Secret that docs/installing.md creates has every key that the Deployment needs', () => {
    const created = /kubectl create secret generic tor-bgp-bot (?:[^\n\\]|\\\n)*/.exec(
      readFileSync(join(DEPLOY, '../docs/installing.md'), 'utf8'),
    );
    const keys = [...(created?.[0].matchAll(/--from-(?:file|literal)=([\w-]+)/g) ?? [])].map(
      ([, key]) => key,
    );
    const needed = [
      ...JSON.stringify(bot?.env).matchAll(/"secretKeyRef":(\{[^}]*\})/g),
      ...JSON.stringify(spec.volumes).matchAll(/(\{"key":[^}]*\})/g),
    ].map(([, json = '{}']): { key: string; optional?: boolean } => JSON.parse(json));
    expect(
      needed
        .filter(({ optional }) => !optional)
        .map(({ key }) => key)
        .sort(),
    ).toEqual(keys.sort());
    expect(needed.filter(({ optional }) => optional)).toMatchObject([{ key: 'ops-token' }]);
  });

  test('the image has the version of the program', () => {
    const { version } = JSON.parse(readFileSync(join(DEPLOY, '../package.json'), 'utf8'));
    expect(bot?.image).toBe(`tor-bgp-bot:${version}`);
    for (const file of [
      read('kustomization.yaml'),
      readFileSync(join(DEPLOY, '../docs/installing.md'), 'utf8'),
    ])
      for (const [, tag] of file.matchAll(/(?:tor-bgp-bot:|newTag: )(\d[\w.]*)/g)) expect(tag).toBe(version);
  });

  test('budget, network policy and spread select the pods of the Deployment', () => {
    const budget = z.looseObject({ spec: z.looseObject({ selector: byLabels }) });
    const network = z.looseObject({ spec: z.looseObject({ podSelector: byLabels }) });
    const spread = z.array(z.looseObject({ labelSelector: byLabels }));
    const selectors = [
      budget.parse(only('PodDisruptionBudget')).spec.selector,
      network.parse(only('NetworkPolicy')).spec.podSelector,
      ...spread.parse(spec.topologySpreadConstraints).map(({ labelSelector }) => labelSelector),
    ];
    for (const { matchLabels } of selectors) expect(pod?.metadata.labels).toMatchObject(matchLabels);
  });

  test('nobody reaches the pods by the network, and they reach DNS, Slack, API servers and Redis only', () => {
    const rule = z.strictObject({ ports: z.array(z.object({ port: z.number(), protocol: z.string() })) });
    const policy = z.looseObject({
      spec: z.looseObject({
        policyTypes: z.array(z.string()),
        ingress: z.array(z.unknown()),
        egress: z.array(rule),
      }),
    });
    const { policyTypes, ingress, egress } = policy.parse(only('NetworkPolicy')).spec;
    expect(policyTypes).toEqual(['Ingress', 'Egress']);
    expect(ingress).toEqual([]);
    const ports = egress.flatMap((one) => one.ports.map(({ port, protocol }) => `${protocol} ${port}`));
    expect(ports.sort()).toEqual(
      ['TCP 26379', 'TCP 443', 'TCP 53', 'TCP 5353', 'TCP 6379', 'TCP 6443', 'UDP 53', 'UDP 5353'].sort(),
    );
  });
});

describe('the pod is admitted by OpenShift’s restricted-v2 and by Pod Security restricted', () => {
  const contexts = [spec.securityContext, ...spec.containers.map((one) => one.securityContext)];

  test('no user, group or SELinux label is fixed: the namespace’s range gives them', () => {
    for (const context of contexts)
      for (const field of ['runAsUser', 'runAsGroup', 'fsGroup', 'seLinuxOptions', 'privileged'])
        expect(context).not.toHaveProperty(field);
    expect(spec.securityContext.runAsNonRoot).toBe(true);
  });

  test('it gains no privilege, has no capability, and its root cannot be written', () => {
    for (const one of spec.containers)
      expect(one.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) expect(spec).not.toHaveProperty(field);
    expect(JSON.stringify(spec)).not.toMatch(/hostPort|hostPath/);
    expect(bot?.ports.every(({ containerPort }) => containerPort > 1_023)).toBe(true);
  });

  test('the seccomp profile is the runtime’s, and two lines to delete for OpenShift up to 4.10', () => {
    expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
    const lines = read('deployment.yaml').split('\n');
    const at = lines.findIndex((line) => line.includes('seccompProfile:'));
    expect(lines[at - 1]).toContain('delete these two lines');
    const without = parse(lines.filter((_, index) => index !== at && index !== at + 1).join('\n'));
    expect(deployment.parse(without).spec.template.spec.securityContext).toEqual({ runAsNonRoot: true });
  });

  test('its volumes are of the kinds that are allowed, and all but the emptyDir for temporary files are only read', () => {
    const kinds = spec.volumes.map(
      ({ name, ...kind }) => [name, Object.keys(kind).join()] satisfies [string, string],
    );
    expect(kinds).toEqual([
      ['tmp', 'emptyDir'],
      ['policy', 'configMap'],
      ['tokens', 'secret'],
    ]);
    // A mode that shuts others out would shut out the user whom OpenShift makes up.
    expect(JSON.stringify(spec.volumes)).not.toContain('ode":');
    const writable = bot?.volumeMounts.filter(({ readOnly }) => readOnly !== true);
    expect(writable).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
    expect(bot?.env).toContainEqual({ name: 'HOME', value: '/tmp' });
  });
});

(hasKubectl ? describe : describe.skip)('rendered by kubectl', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tor-bgp-bot-deploy-'));
  const render = () => spawnSync('kubectl', ['kustomize', folder], { encoding: 'utf8' });
  beforeAll(() => {
    cpSync(DEPLOY, folder, { recursive: true });
    rmSync(join(folder, 'policy.yaml'), { force: true });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('without a policy it is refused, with its name', () => {
    const { status, stderr } = render();
    expect(status).not.toBe(0);
    expect(stderr).toContain('policy.yaml');
  });

  test('with one it holds what is written, and the pods mount the policy of that name', () => {
    copyFileSync(join(folder, 'policy.example.yaml'), join(folder, 'policy.yaml'));
    const { status, stdout, stderr } = render();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    const rendered = documentsOf(stdout);
    const kinds = rendered.map(({ kind }) => kind).sort();
    expect(kinds).toEqual([...written.map(({ kind }) => kind), 'ConfigMap'].sort());
    const config = rendered.find(({ kind }) => kind === 'ConfigMap');
    expect(config).toMatchObject({ data: { 'policy.yaml': read('policy.example.yaml') } });
    const [mounted] = rendered
      .filter(({ kind }) => kind === 'Deployment')
      .map((one) => deployment.parse(one));
    expect(mounted?.spec.template.spec.volumes).toContainEqual({
      name: 'policy',
      configMap: { name: config?.metadata.name },
    });
  });
});

function only(kind: string): unknown {
  const [found, ...rest] = written.filter((one) => one.kind === kind);
  expect(rest).toEqual([]);
  return found;
}

function documentsOf(text: string): z.infer<typeof manifest>[] {
  return parseAllDocuments(text).map((document) => manifest.parse(document.toJS()));
}
