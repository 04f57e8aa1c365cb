import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import { NAMESPACE } from '../../sandbox/src/seed-cluster.ts';
import type { Message } from '../../sandbox/src/slack/message.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../sandbox/src/start-sandbox.ts';
import { cardAction } from '../doubles/card-action.ts';
import { KNOWN_BLOCKS } from '../sandbox/slack/slack-under-test.ts';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { type CoreApi, coreApi } from './core-api.ts';

export const ALICE = 'U01ALICE';
export const BOB = 'U02BOB';
export const CAROL = 'U03CAROL';
export const MALLORY = 'U04MALLORY';
export const CHANGES = 'C01CHANGES';
export const AUDIT = 'C02AUDIT';

/** A whole sandbox with the real bot in it, driven over Slack's and Kubernetes's own protocols. */
export interface Story extends Sandbox {
  readonly core: CoreApi;
  /** Types a command and waits for what the person alone is told. */
  ask(user: string, text: string, channel?: string): Promise<string>;
  /** Types a change command and waits for its card. */
  propose(user: string, text: string): Promise<Card>;
  press(user: string, card: Card, action: Action): Promise<void>;
  /** Presses a button and waits for what the person alone is told. */
  pressAndHear(user: string, card: Card, action: Action): Promise<string>;
  /** Presses a button that opens a dialog, and waits until it asks or refuses; resolves to what it says. */
  dialog(user: string, card: Card, action: 'reject' | 'break-glass'): Promise<Dialog>;
  /** Rejects by the card's dialog, with a reason. */
  reject(user: string, card: Card, reason?: string): Promise<void>;
  /** The card as it is now. */
  card(card: Card): string;
  cards(): readonly Message[];
  thread(card: Card): string;
  /** Approves as Bob and waits until the card says how it ended. */
  carryOut(card: Card, outcome: string, withinMs?: number): Promise<string>;
  audit(): string;
  lookup(name: string): Promise<Readonly<Record<string, string>> | undefined>;
  /** Uids of the TMM pods by node. */
  pods(): Promise<ReadonlyMap<string, string>>;
}

export type Action =
  | 'approve'
  | 'reject'
  | 'cancel'
  | 'resume'
  | 'rollback'
  | 're-request'
  | 'close'
  | 'break-glass'
  | 'review';

export interface Dialog {
  readonly text: string;
  /** Fills in the reason and sends it. */
  submit(reason: string): Promise<void>;
}

export interface Card {
  readonly id: string;
  readonly ts: string;
}

export async function startStory(options: Partial<SandboxOptions> = {}): Promise<Story> {
  const folder = await mkdtemp(join(tmpdir(), 'tor-bgp-bot-story-'));
  const sandbox = await startSandbox({
    port: 0,
    kubePort: 0,
    folder,
    program: 'dist/cli.js',
    knownBlocks: KNOWN_BLOCKS,
    ...options,
  });
  const story = sendReply(sandbox, folder);
  await eventually(async () => expect((await story.pods()).size).toBe(3));
  return story;
}

function sendReply(sandbox: Sandbox, folder: string): Story {
  const core = coreApi(sandbox.cluster.url);
  const { control } = sandbox.slack;
  const messages = (): readonly Message[] => control.messages(CHANGES);
  const heard = (user: string, channel = CHANGES): readonly Message[] =>
    control.messages(channel).filter(({ ephemeral_to: to }) => to === user);
  const cards = (): readonly Message[] =>
    messages().filter(({ metadata }) => metadata?.event_type === 'bgp_change');
  const press: Story['press'] = async (user, card, action) => {
    const outcome = await control.interact({
      channel: CHANGES,
      messageTs: card.ts,
      user,
      action: cardAction(
        cards().find(({ ts }) => ts === card.ts),
        action,
      ),
    });
    expect(outcome).toMatchObject({ ok: true });
  };
  const hear = async (user: string, act: () => Promise<unknown>, channel = CHANGES): Promise<string> => {
    const before = heard(user, channel).length;
    await act();
    await eventually(() => expect(heard(user, channel).length).toBeGreaterThan(before));
    return heard(user, channel).slice(before).map(textOf).join('\n');
  };
  const dialog: Story['dialog'] = async (user, which, action) => {
    const known = new Set(control.views(user).views.map(({ id }) => id));
    await press(user, which, action);
    const view = await eventually(() => {
      const found = control.views(user).views.find(({ id }) => !known.has(id));
      if (found === undefined || JSON.stringify(found.title).includes('One moment'))
        throw new Error('no dialog yet');
      return found;
    });
    return {
      text: textOf(view),
      async submit(reason) {
        const values = { reason: { text: reason } };
        expect(await control.submitView({ user, viewId: view.id, values })).toMatchObject({ ok: true });
      },
    };
  };
  const card = ({ ts }: Card): string => textOf(cards().find((one) => one.ts === ts));

  return {
    ...sandbox,
    core,
    ask: (user, text, channel = CHANGES) =>
      hear(user, () => control.command({ channel, user, command: '/bgp', text }), channel),
    async propose(user, text) {
      const known = new Set(cards().map(({ ts }) => ts));
      const outcome = await control.command({ channel: CHANGES, user, command: '/bgp', text });
      expect(outcome).toMatchObject({ ok: true });
      return eventually(() => {
        const fresh = cards().find(({ ts }) => !known.has(ts));
        const refusal = heard(user).at(-1);
        if (fresh === undefined) throw new Error(`no card for "${text}"; last told: ${textOf(refusal)}`);
        return { id: /BGP-\d+/.exec(fresh.text)?.[0] ?? '', ts: fresh.ts };
      });
    },
    press,
    pressAndHear: (user, which, action) => hear(user, () => press(user, which, action)),
    dialog,
    reject: async (user, which, reason = 'not tonight') =>
      (await dialog(user, which, 'reject')).submit(reason),
    card,
    cards,
    thread: ({ ts }) =>
      messages()
        .filter((message) => message.thread_ts === ts && message.ts !== ts)
        .map(({ text }) => text)
        .join('\n'),
    async carryOut(which, outcome, withinMs) {
      await press(BOB, which, 'approve');
      await eventually(() => expect(card(which)).toContain(outcome), withinMs);
      return card(which);
    },
    audit: () =>
      control
        .messages(AUDIT)
        .map(({ text }) => text)
        .join('\n'),
    async lookup(name) {
      const { items } = await core.listNamespacedConfigMap({ namespace: NAMESPACE });
      return items.find(({ metadata }) => metadata?.name === name)?.data;
    },
    async pods() {
      const { items } = await core.listNamespacedPod({ namespace: NAMESPACE, labelSelector: 'app=f5-tmm' });
      const ready = items.filter((pod) =>
        pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True'),
      );
      return new Map(ready.map(({ metadata, spec }) => [spec?.nodeName ?? '', metadata?.uid ?? '']));
    },
    async stop() {
      await sandbox.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** All text of a message's blocks, in reading order; its plain text where it has none. */
function textOf(
  message: { readonly blocks?: readonly unknown[]; readonly text?: string } | undefined,
): string {
  const found: string[] = [];
  const walk = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) walk(item);
    else if (typeof value === 'object' && value !== null) {
      for (const [key, item] of Object.entries(value)) {
        if (key === 'text' && typeof item === 'string') found.push(item);
        else walk(item);
      }
    }
  };
  walk(message?.blocks);
  return found.join('\n') || (message?.text ?? '');
}

/** A short node name as the sandbox's full one. */
export function node(short: string): string {
  return `${short}.rack.example.com`;
}

/** How a refusal reads: its code stands last. */
export function refusedWith(code: string): RegExp {
  return new RegExp(`^🚫 [\\s\\S]+\\n${code}$`);
}

/** How a card shows that a mapping changes; how its session is now may stand beside what was mapped. */
export function difference(nodeName: string, before: string, after: string): RegExp {
  const [name, old, fresh] = [nodeName, before, after].map((text) => text.replaceAll('.', '\\.'));
  return new RegExp(`^- ${name}: ${old}( {3}now: .*)?\\n\\+ ${name}: ${fresh}$`, 'm');
}
