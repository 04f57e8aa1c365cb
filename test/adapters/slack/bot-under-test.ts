import { startRedis } from '../../../sandbox/src/redis.ts';
import { connectRedis } from '../../../src/adapters/redis/connect.ts';
import { redisKeys } from '../../../src/adapters/redis/keys.ts';
import { redisCardLocations, redisDeduplicator } from '../../../src/adapters/redis/shared-state.ts';
import { redisStore } from '../../../src/adapters/redis/store.ts';
import { openDialogs } from '../../../src/adapters/slack/inbound/dialogs.ts';
import type { FormDialogs } from '../../../src/adapters/slack/inbound/forms.ts';
import { listen } from '../../../src/adapters/slack/inbound/listeners.ts';
import { openSlack as openApp, type SlackApp } from '../../../src/adapters/slack/inbound/open-slack.ts';
import type { SlackTransport } from '../../../src/adapters/slack/inbound/transport.ts';
import type { SlackProxy } from '../../../src/adapters/slack/proxy.ts';
import { channelRateLimiter } from '../../../src/adapters/slack/publishing/channel-rate-limiter.ts';
import { openSendReply } from '../../../src/adapters/slack/publishing/send-reply.ts';
import type { UseCases } from '../../../src/workflow/requests/use-cases.ts';
import { APP_TOKEN, BOT_TOKEN, SIGNING_SECRET, stopAfter } from '../../sandbox/slack/slack-under-test.ts';

/** What is kept in Redis, on one of its own; every replica of a test shares it. */
export async function openMemory() {
  const redis = await startRedis('in-process');
  stopAfter(() => redis.stop());
  const connections = await connectRedis(redis.url, () => undefined);
  stopAfter(() => connections.close());
  const keys = redisKeys('slack-test');
  return {
    store: redisStore(connections.prompt, keys),
    seen: redisDeduplicator(connections.prompt, keys),
    locations: redisCardLocations(connections.prompt, keys),
  };
}

type Memory = Awaited<ReturnType<typeof openMemory>>;

export interface BotUnderTest {
  readonly slack: SlackApp;
  /** What the log would say of use cases that threw. */
  readonly failures: readonly { readonly id: string; readonly what: string; readonly error: unknown }[];
}

/** The Slack side of one replica, listening; a use case that is not given answers with its own name. */
export async function startBot(
  apiUrl: string,
  memory: Memory,
  useCases: Partial<UseCases>,
  mode: 'socket' | 'http' = 'socket',
  proxy?: SlackProxy,
): Promise<BotUnderTest> {
  const transport: SlackTransport =
    mode === 'socket'
      ? { mode, appToken: APP_TOKEN, apiUrl }
      : { mode, signingSecret: SIGNING_SECRET, port: 0 };
  const access = { ...transport, botToken: BOT_TOKEN, apiUrl, ...(proxy === undefined ? {} : { proxy }) };
  const slack = await openApp(access, () => undefined);
  const failures: { id: string; what: string; error: unknown }[] = [];
  listen(slack, {
    useCases: {
      submit: () => Promise.resolve(saying('submit')),
      submitParsed: ({ verb }) => Promise.resolve(saying(verb)),
      answerWithoutWriting: () => Promise.resolve(undefined),
      decide: (verb) => Promise.resolve(saying(verb)),
      prepareDecision: (verb) => Promise.resolve(saying(`prepare ${verb}`)),
      followUp: (kind) => Promise.resolve(saying(kind)),
      refuseUnreadable: (refusal) => Promise.resolve(refusal),
      ...useCases,
    },
    seen: memory.seen,
    sendReply: openSendReply(slack.client, apiUrl, channelRateLimiter()),
    linksTo: () => Promise.resolve(new Map()),
    openDialog: openDialogs(slack.client, () => undefined),
    forms: NO_FORMS,
    homeTab: { opened: () => Promise.resolve() },
    homeChannel: 'C01CHANGES',
    command: '/bgp',
    onFailure: (id, what, error) => failures.push({ id, what, error }),
    describeOutage: () => undefined,
  });
  await slack.start();
  stopAfter(() => slack.stop(1_000));
  return { slack, failures };
}

const NO_FORMS: FormDialogs = {
  openMenu: async () => saying('menu'),
  open: async (verb) => saying(`form of ${verb}`),
  changed: async () => undefined,
  submitted: async () => ({ errors: {} }),
  options: async () => [],
};

export function saying(title: string) {
  return { kind: 'answer' as const, answer: { title, parts: [] } };
}
