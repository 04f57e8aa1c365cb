import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { connectKubeApi } from '../kubelet/kube-api.ts';
import type { SandboxRedis } from '../redis.ts';
import { NAMESPACE, SEEDED_TMMS } from '../seed-cluster.ts';
import type { ControlRoute } from '../slack/control/route.ts';
import type { Slack } from '../slack/start-slack.ts';
import type { SandboxCluster } from '../start-cluster.ts';
import type { SupervisedBot } from '../supervised-bot.ts';
import type { Routers } from '../zebos/routers.ts';
import { openFlaps } from './flaps.ts';
import { readWorld } from './read-world.ts';
import { flip, switchSchema } from './switches.ts';
import type { World, WorldTmm } from './world.ts';

export interface WorldParts {
  readonly cluster: SandboxCluster;
  readonly routers: Routers;
  readonly bot: SupervisedBot;
  readonly redis: SandboxRedis;
  readonly slack: Pick<Slack, 'control' | 'announcements'>;
}

/** The racks as the page shows and breaks them. */
export interface OpenWorld {
  read(): World;
  /** The body of `POST /_control/world`, and what it answers. */
  flip(body: unknown): Promise<object>;
  /** Resolves once the seeded TMM pods are Ready and their sessions Established: they come up one after the other. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

const LOOK_EVERY_MS = 250;
const SETTLED_ASKED_EVERY_MS = 50;
const SETTLES_WITHIN_MS = 20_000;

/** Announces `world` when something of it changed, at most four times a second, as long as somebody listens. */
export function openWorld({ cluster, routers, bot, redis, slack }: WorldParts): OpenWorld {
  const { control, announcements } = slack;
  const api = connectKubeApi({ url: cluster.url });
  const flaps = openFlaps(routers);
  const startedAtMs = Date.now();
  const read = (): World =>
    readWorld({
      objects: cluster.objects,
      routingOf: (pod) => cluster.kubelet.zebosOf(NAMESPACE, pod)?.view(),
      routers,
      flaps,
      surroundings: () => ({
        startedAtMs,
        bot: { running: bot.running, pid: bot.pid },
        redis: redis.isCut() ? 'cut' : 'up',
        slack: control.service(),
        rejectsNextPod: cluster.kubelet.rejectsNextPod(),
      }),
    });
  let seen = '';
  const look = setInterval(() => {
    if (!announcements.isWatched()) return;
    const now = JSON.stringify(read());
    if (now !== seen) announcements.announce({ changed: 'world', id: '' });
    seen = now;
  }, LOOK_EVERY_MS).unref();
  return {
    read,
    async flip(body) {
      const parsed = switchSchema.safeParse(body);
      if (!parsed.success)
        return { ok: false, error: 'invalid_arguments', detail: z.prettifyError(parsed.error) };
      try {
        await flip(parsed.data, {
          api,
          kubelet: cluster.kubelet,
          routers,
          flaps,
          bot,
          redis,
          control,
          world: read,
        });
      } catch (error) {
        return { ok: false, error: error instanceof Error ? error.message : String(error) };
      }
      return { ok: true };
    },
    async settled() {
      for (const untilMs = Date.now() + SETTLES_WITHIN_MS; !isSettled(read()); ) {
        if (Date.now() >= untilMs)
          throw new Error(`opening the world: it did not settle: ${JSON.stringify(read().tmms)}`);
        await sleep(SETTLED_ASKED_EVERY_MS);
      }
    },
    async stop() {
      clearInterval(look);
      flaps.stop();
      await api.close();
    },
  };
}

function isSettled({ tmms }: World): boolean {
  const isUp = ({ ready, sessions }: WorldTmm): boolean =>
    ready && sessions.every(({ state }) => state === 'Established');
  return tmms.length === SEEDED_TMMS && tmms.every(isUp);
}

/** `GET` and `POST /_control/world`; Slack is there before the rest is. */
export function worldRoutes(world: () => OpenWorld | undefined): ControlRoute[] {
  const starting = { ok: false, error: 'the sandbox is still starting' };
  return [
    { method: 'GET', name: 'world', handle: () => world()?.read() ?? starting },
    { method: 'POST', name: 'world', handle: ({ body }) => world()?.flip(body) ?? starting },
  ];
}
