import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { parseAllDocuments } from 'yaml';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from '../stories/story.ts';
import { aPolicy } from './a-policy.ts';
import {
  type AuthorizedRequest,
  type FrontOfKubernetes,
  type Instead,
  startFront,
} from './front-of-kubernetes.ts';

/** What RBAC calls a request. */
interface Right {
  readonly verb: string;
  readonly resource: string;
  readonly namespace: string | undefined;
}

describe('the rights of the bot in the cluster', () => {
  let story: Story;
  let front: FrontOfKubernetes;
  beforeAll(async () => {
    story = await startStory({
      policy: aPolicy(),
      environment: async (folder, { url }) => {
        front = await startFront(url, folder);
        return { KUBECONFIG: front.kubeconfig };
      },
    });
  });
  afterAll(async () => {
    await story?.stop();
    await front?.stop();
  });

  test('lesson 24: the cluster rights are the least that the commands declare: with them everything works', async () => {
    const granted = await grantedByRole();
    const denied: Right[] = [];
    front.refuse((asked) => {
      const right = rightOf(asked);
      if (right === undefined || granted.has(nameOf(right))) return undefined;
      denied.push(right);
      return forbidden(right);
    });
    await story.core.deleteNamespacedConfigMap({ name: 'spk-tor-bgp-v6', namespace: 'spk-ingress' });
    for (const parsed of ['show', 'verify', 'nodes', `config ${node('worker1')}`, 'values'])
      expect(await story.ask(ALICE, parsed)).not.toContain('🚫');
    for (const parsed of [
      `rotate ${node('worker1')} 10.20.1.9`,
      `add ${node('worker1')} 2001:db8:20:1::1`,
      'restart --all --at-once',
    ]) {
      const card = await eventually(() => story.propose(ALICE, parsed));
      await story.carryOut(card, '✅ succeeded');
    }
    expect(denied).toEqual([]);
    // And each of them was needed.
    const used = new Set(front.asked.flatMap((asked) => rightOf(asked) ?? []).map(nameOf));
    const spare = [...granted].filter((right) => !used.has(right));
    expect(spare.filter((right) => !NOT_SEEN_HERE.includes(right))).toEqual([]);
  }, 120_000);

  test.each([
    ['reading lookups', 'get configmaps', 'show', 'may not get configmaps in namespace spk-ingress'],
    ['knowing the cluster', 'get namespaces', 'show', 'Grant it: verb get on namespaces kube-system'],
    [
      'seeing what keeps the TMM pods there',
      'get deployments',
      'verify',
      'may not get deployments.apps in namespace spk-ingress',
    ],
    [
      'asking ZebOS',
      'get pods/exec',
      `show ${node('worker1')}`,
      'grant it verbs get and create on pods/exec',
    ],
  ])('lesson 24: a missing right is named: %s', async (_, missing, parsed, says) => {
    front.refuse(without(missing));
    expect(await story.ask(BOB, parsed)).toContain(says);
    front.refuse(() => undefined);
  });

  test('lesson 24: a missing right is named: writing, on the card', async () => {
    front.refuse(without('patch configmaps'));
    const card = await story.propose(ALICE, `rotate ${node('worker2')} 10.20.2.9`);
    const told = await story.carryOut(card, '🛑 halted');
    expect(told).toContain('may not patch configmaps in namespace spk-ingress');
    expect(told).toContain('deploy/role.yaml');
    front.refuse(() => undefined);
  });

  test('lesson 24: a missing right is named: by the doctor, before anything needs it', async () => {
    const env = { ...story.env, KUBECONFIG: front.kubeconfig, PATH: process.env.PATH ?? '' };
    const doctor = () => promisify(execFile)(process.execPath, ['dist/cli.js', 'doctor'], { env });
    expect((await doctor()).stdout).toContain('all rights are granted');
    front.refuse(({ path, body }) =>
      path.endsWith('/selfsubjectaccessreviews') &&
      /"verb":"create".*"eviction"|"eviction".*"verb":"create"/.test(body)
        ? { code: 201, object: { ...JSON.parse(body), status: { allowed: false } } }
        : undefined,
    );
    const sick = await doctor().catch((failure: unknown) => failure);
    expect(sick).toMatchObject({ code: 1, stdout: expect.stringContaining('may not create pods/eviction') });
    expect(sick).toMatchObject({ stdout: expect.stringContaining('tor-bgp-bot manifest role') });
  });
});

/** What only other servers and worse days ask for. */
const NOT_SEEN_HERE = [
  // Newer API servers call the upgrade of an exec a create.
  'create pods/exec in spk-ingress',
  // When the watch is not in sync, and after an eviction that nobody answered.
  'get pods in spk-ingress',
  // Where no Deployment keeps the TMM pods.
  'get daemonsets in spk-ingress',
  'get statefulsets in spk-ingress',
];

function without(missing: string): (asked: AuthorizedRequest) => Instead | undefined {
  return (asked) => {
    const right = rightOf(asked);
    return right !== undefined && `${right.verb} ${right.resource}` === missing
      ? forbidden(right)
      : undefined;
  };
}

function forbidden({ verb, resource }: Right): Instead {
  return { code: 403, message: `User "tor-bgp-bot" cannot ${verb} resource "${resource}"` };
}

/** As the API server tells RBAC; undefined for what everybody may. */
function rightOf({ method, path, query }: AuthorizedRequest): Right | undefined {
  const match =
    /^\/api(?:s\/apps)?\/v1(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?(?:\/([a-z]+))?$/.exec(path);
  if (match === null) return undefined;
  const [, namespace, plural = '', name, subresource] = match;
  const resource = subresource === undefined ? plural : `${plural}/${subresource}`;
  const reading = query.has('watch') ? 'watch' : name === undefined ? 'list' : 'get';
  const verb =
    { GET: reading, POST: 'create', PATCH: 'patch', DELETE: 'delete', PUT: 'update' }[method] ?? method;
  return { verb, resource, namespace };
}

function nameOf({ verb, resource, namespace }: Right): string {
  return `${verb} ${resource}${namespace === undefined ? '' : ` in ${namespace}`}`;
}

/** Every right that deploy/role.yaml gives. */
async function grantedByRole(): Promise<ReadonlySet<string>> {
  const granted = new Set<string>();
  for (const document of parseAllDocuments(await readFile('deploy/role.yaml', 'utf8'))) {
    const { kind, metadata, rules = [] } = document.toJS();
    if (kind !== 'Role' && kind !== 'ClusterRole') continue;
    for (const { resources, verbs } of rules)
      for (const resource of resources)
        for (const verb of verbs) granted.add(nameOf({ verb, resource, namespace: metadata.namespace }));
  }
  return granted;
}
