import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { wellFormed } from '../../src/domain/well-formed.ts';
import { aPolicy } from '../lessons/a-policy.ts';
import { logOf } from '../lessons/another-bot.ts';
import { type FrontOfKubernetes, startFront } from '../lessons/front-of-kubernetes.ts';
import { GHOST, type GhostNode, startGhost } from '../lessons/ghost-node.ts';
import { type AuditRetention, openTrail } from '../lessons/trail.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, BOB, node, type Story, startStory } from '../stories/story.ts';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import {
  everything,
  expectOwnLines,
  expectOwnQuestions,
  expectPlain,
  expectWhole,
} from './what-came-of-it.ts';

const NAMESPACE = 'spk-ingress';
const WORKER4 = node('worker4');
/** What JSON can carry to a cluster and back. */
const TEXTS = HOSTILE_TEXTS.map(([what, text]) => [what, wellFormed(text)] as const);

describe('hostile text in the cluster', () => {
  let story: Story;
  let front: FrontOfKubernetes;
  let trail: AuditRetention;
  let ghost: GhostNode;
  let says = '';
  beforeAll(async () => {
    const policy = aPolicy((file) => {
      file.targets[0].watchEvery = '1s';
    });
    story = await startStory({
      policy,
      environment: async (folder, { url }) => {
        front = await startFront(url, folder);
        return { KUBECONFIG: front.kubeconfig, LOG_LEVEL: 'trace', REQUESTS_PER_MINUTE: '0' };
      },
    });
    trail = await openTrail(story.redis.url);
    ghost = await startGhost(story, { says: () => says });
  });
  afterAll(async () => {
    await trail?.close();
    await ghost?.stop();
    await story?.stop();
    await front?.stop();
  });

  const patchLookup = (body: readonly object[]) =>
    story.core.patchNamespacedConfigMap({ name: 'spk-tor-bgp', namespace: NAMESPACE, body: [...body] });
  const patchGhost = (message: string) =>
    story.core.patchNamespacedPodStatus({
      name: ghost.pod,
      namespace: NAMESPACE,
      body: [
        { op: 'replace', path: '/status/conditions', value: [{ type: 'Ready', status: 'False' }] },
        { op: 'replace', path: '/status/containerStatuses/0/ready', value: false },
        {
          op: 'replace',
          path: '/status/containerStatuses/0/state',
          value: { waiting: { reason: message, message } },
        },
      ],
    });

  test.each(TEXTS)('%s as the value of a mapping is shown, and can be undone', async (_, text) => {
    await patchLookup([{ op: 'add', path: `/data/${WORKER4}`, value: text }]);
    await eventually(async () => {
      const told = await story.ask(ALICE, `rotate ${WORKER4} 10.20.4.9 --dry-run`);
      expect(told).toMatch(/mapping_unreadable|\+ worker4/);
      expect(told).not.toContain('node_not_mapped');
    });
    expect(await story.ask(ALICE, `show ${WORKER4}`)).toContain('spk-tor-bgp (AS 3535)');
    const told = await story.ask(ALICE, `remove ${WORKER4} --dry-run`);
    expect(told).toContain(`- ${WORKER4}: `);
  });

  test('as a value they are told to the audit channel when somebody else wrote them', async () => {
    for (const [, text] of TEXTS)
      await patchLookup([{ op: 'add', path: `/data/${WORKER4}`, value: `${text} again` }]);
    await eventually(() => expect(story.audit()).toContain(`somebody else changed ${WORKER4}`));
    const last = TEXTS.at(-1)?.[1] ?? '';
    await trail.until(({ event, data }) => event === 'drift.external_edit' && data.after === `${last} again`);
  });

  test.each(TEXTS)(
    '%s as the owner of a ConfigMap is a name on the card and nothing else',
    async (_, text) => {
      await patchLookup([
        { op: 'add', path: '/metadata/annotations', value: { 'meta.helm.sh/release-name': `r ${text}` } },
      ]);
      const words = await eventually(async () => {
        const told = await story.ask(ALICE, `rotate ${node('worker1')} 10.20.1.9 --dry-run`);
        expect(told).toContain('belongs to Helm (r ');
        return told;
      });
      expect(words).toContain(`+ ${node('worker1')}: 10.20.1.9`);
    },
  );

  test('as the owner of a ConfigMap it is on a card as well, and on the card of what was done', async () => {
    const all = TEXTS.map(([, text]) => text)
      .join(' ')
      .slice(0, 150);
    await patchLookup([
      { op: 'add', path: '/metadata/annotations', value: { 'meta.helm.sh/release-name': `c ${all}` } },
    ]);
    const card = await eventually(async () => {
      const proposed = await story.propose(ALICE, `rotate ${node('worker1')} 10.20.1.9`);
      if (!story.card(proposed).includes('belongs to Helm (c ')) await story.press(ALICE, proposed, 'cancel');
      expect(story.card(proposed)).toContain('belongs to Helm (c ');
      return proposed;
    });
    await story.press(ALICE, card, 'cancel');
  });

  test.each(TEXTS)('%s as what ZebOS says is shown in a box, or not believed', async (_, text) => {
    says = `hostname ${text}\n${text}\nrouter bgp 64443\n neighbor ${text} remote-as 3535\n neighbor 10.99.0.2 description ${text}\nend\n`;
    for (const parsed of [`config ${GHOST}`, `show ${GHOST}`, `verify ${GHOST}`])
      expect(await story.ask(ALICE, parsed)).not.toContain('internal_error');
  });

  test.each(TEXTS)('%s as why a pod is not Ready is shown as text', async (_, text) => {
    await patchGhost(text);
    for (const parsed of [`show ${GHOST}`, 'nodes', `verify ${GHOST}`])
      expect(await story.ask(ALICE, parsed)).not.toContain('internal_error');
  });

  test.each(TEXTS)('%s as what the API server says is quoted in the refusal', async (_, text) => {
    front.refuse(({ method, path }) =>
      method === 'GET' && path.includes('/configmaps/') ? { code: 500, message: text } : undefined,
    );
    const told = await story.ask(BOB, 'show');
    front.refuse(() => undefined);
    expect(told).toMatch(/^🚫 [\s\S]+\ncluster_unreachable$/);
    expect(told).toContain('answered 500');
  });

  test.each(TEXTS)(
    '%s as the name of a pod and of its node is shown, and never reaches a URL',
    async (_, text) => {
      const pods = await story.core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=f5-tmm' });
      const [pod] = pods.items;
      const lie = { ...pod, metadata: { ...pod?.metadata, name: `evil/../../../secrets?${text}` } };
      const object = { ...pods, apiVersion: 'v1', kind: 'PodList', items: [lie] };
      front.refuse(({ path, query }) =>
        path.endsWith('/pods') && !query.has('watch') ? { code: 200, object } : undefined,
      );
      const told = await story.ask(ALICE, `show ${pod?.spec?.nodeName}`);
      front.refuse(() => undefined);
      expect(told).toContain('evil/../../../secrets?');
      // Where it is asked for by its name, that is one encoded word of the path.
      const paths = front.asked.map(({ path }) => path).filter((path) => path.includes('evil'));
      expect(
        paths.filter((path) => !/^\/api\/v1\/namespaces\/spk-ingress\/pods\/evil[^/]+$/.test(path)),
      ).toEqual([]);
    },
  );

  test('of all that, nothing is markup, a log line, an argument of exec, or a break in the trail', async () => {
    expectPlain(everything(story), [ALICE, BOB]);
    expectOwnLines(await logOf(story));
    expectOwnQuestions(front.execs());
    expect([...new Set(ghost.asked)].filter((command) => !command.startsWith('show '))).toEqual([]);
    await expectWhole(trail);
  });
});
