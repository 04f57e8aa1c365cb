import { z } from 'zod';
import type { KubeApi } from '../kubelet/kube-api.ts';
import type { Kubelet } from '../kubelet/start-kubelet.ts';
import type { SandboxRedis } from '../redis.ts';
import type { Control } from '../slack/control/control.ts';
import type { SupervisedBot } from '../supervised-bot.ts';
import type { Routers } from '../zebos/routers.ts';
import type { Flaps } from './flaps.ts';
import { cordon, drain, editMapping, taint } from './node-switches.ts';
import type { World } from './world.ts';

/** What `POST /_control/world` takes: one thing to break, or to mend. */
export const switchSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('router'),
    address: z.union([z.ipv4(), z.ipv6()]),
    up: z.boolean().optional(),
    /** Two seconds down, two seconds up. */
    flapping: z.boolean().optional(),
    bfd: z.boolean().optional(),
    /** As a neighbor, in every TMM. */
    shutDown: z.boolean().optional(),
  }),
  z.strictObject({
    do: z.literal('node'),
    node: z.string().min(1),
    cordoned: z.boolean().optional(),
    tainted: z.boolean().optional(),
  }),
  z.strictObject({ do: z.literal('drain'), node: z.string().min(1) }),
  z.strictObject({ do: z.literal('reject-next-pod'), rejects: z.boolean().default(true) }),
  z.strictObject({
    do: z.literal('map'),
    lookup: z.string().min(1),
    node: z.string().min(1),
    /** As it shall be written in the ConfigMap; null deletes the key. */
    peers: z.string().nullable(),
  }),
  z.strictObject({ do: z.literal('kill-bot') }),
  z.strictObject({ do: z.literal('cut-redis'), forMs: z.int().min(1).max(600_000).default(10_000) }),
  z.strictObject({ do: z.literal('slack'), service: z.enum(['normal', 'slow', 'out']) }),
  z.strictObject({ do: z.literal('mend') }),
]);

export type Switch = z.input<typeof switchSchema>;

export interface SwitchParts {
  readonly api: KubeApi;
  readonly kubelet: Kubelet;
  readonly routers: Routers;
  readonly flaps: Flaps;
  readonly bot: SupervisedBot;
  readonly redis: SandboxRedis;
  readonly control: Control;
  readonly world: () => World;
}

/** Resolves once it is broken; what comes back by itself (bot, Redis) does so afterwards. */
export async function flip(wanted: z.output<typeof switchSchema>, parts: SwitchParts): Promise<void> {
  switch (wanted.do) {
    case 'router':
      return flipRouter(wanted, parts);
    case 'node':
      if (wanted.cordoned !== undefined) await cordon(parts.api, wanted.node, wanted.cordoned);
      if (wanted.tainted !== undefined) await taint(parts.api, wanted.node, wanted.tainted);
      return;
    case 'drain':
      return drain(parts.api, wanted.node);
    case 'reject-next-pod':
      return parts.kubelet.rejectNextPod(wanted.rejects);
    case 'map':
      return editMapping(parts.api, wanted);
    case 'kill-bot':
      return parts.bot.crash();
    case 'cut-redis':
      return parts.redis.cut(wanted.forMs);
    case 'slack':
      return parts.control.setService(wanted.service);
    case 'mend':
      return mend(parts);
  }
}

function flipRouter(
  { address, up, flapping, bfd, shutDown }: Extract<Switch, { do: 'router' }>,
  { routers, flaps }: SwitchParts,
): void {
  if (flapping !== undefined) flaps.set(address, flapping);
  if (up !== undefined) {
    flaps.set(address, false);
    routers.set(address, up);
  }
  if (bfd !== undefined) routers.setBfd(address, bfd);
  if (shutDown !== undefined) routers.setShutDown(address, shutDown);
}

/** Everything that can be switched is as it was at the start, except mappings, the bot and Redis. */
async function mend(parts: SwitchParts): Promise<void> {
  const { api, kubelet, control, world } = parts;
  const { nodes, routers } = world();
  control.setService('normal');
  kubelet.rejectNextPod(false);
  for (const { address, flapping, up, shutDown, bfd } of routers) {
    if (flapping || !up) flipRouter({ do: 'router', address, up: true }, parts);
    if (shutDown) parts.routers.setShutDown(address, false);
    if (!bfd) parts.routers.setBfd(address, true);
  }
  for (const { name, cordoned, taints } of nodes) {
    if (cordoned) await cordon(api, name, false);
    if (taints.length > 0) await taint(api, name, false);
  }
}
