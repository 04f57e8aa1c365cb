import { z } from 'zod';
import type { Control } from './control.ts';
import type { ControlRequest, ControlRoute } from './route.ts';

/** The control API; the body of each POST is checked. */
export function controlRoutes(control: Control): ControlRoute[] {
  return [
    post('command', COMMAND, (body) => control.command(body)),
    post('say', SAY, (body) => ({ ok: true, message: control.say(body) })),
    post('interact', INTERACT, (body) => control.interact(body)),
    post('submit-view', SUBMIT, (body) => control.submitView(body)),
    post('close-view', CLOSE, ({ all = false, ...body }) => control.closeView({ ...body, all })),
    post('suggest', SUGGEST, (body) => control.suggest(body)),
    post('shortcut', SHORTCUT, (body) => control.shortcut(body)),
    post('event', EVENT, ({ event }) => control.event(event)),
    post('disconnect', DISCONNECT, ({ all, ...body }) => ({
      ok: true,
      connections: control.disconnect({ ...body, ...(all !== undefined && { all }) }),
    })),
    post('app', APP, (body) => {
      control.setApp({
        ...(body.request_url !== undefined && { requestUrl: body.request_url }),
        ...(body.should_escape !== undefined && { shouldEscape: body.should_escape }),
      });
      return { ok: true };
    }),
    post('fault', FAULT, (body) => {
      control.fault(body);
      return { ok: true };
    }),
    post('token', TOKEN, (body) => {
      control.refuseToken(body);
      return { ok: true };
    }),
    post('user', USER, ({ id, ...change }) => ({
      ok: true,
      user: control.setUser({ id, ...given(change) }),
    })),
    post('usergroup', GROUP, ({ id, ...change }) => ({
      ok: true,
      usergroup: control.setUserGroup({ id, ...given(change) }),
    })),
    get('messages', ({ rest }) => ({ ok: true, messages: control.messages(rest) })),
    get('views', ({ rest }) => ({ ok: true, ...control.views(rest) })),
    get('log', () => ({ ok: true, log: control.log() })),
    get('workspace', () => ({ ok: true, ...control.workspace() })),
  ];
}

const COMMAND = z.object({
  channel: z.string(),
  user: z.string(),
  command: z.string(),
  text: z.string().default(''),
});
const SAY = z.object({ channel: z.string(), user: z.string(), text: z.string().min(1) });
const ACTION = z.looseObject({ block_id: z.string(), action_id: z.string() });
const ENTERED = z.record(z.string(), z.record(z.string(), z.unknown()));
const INTERACT = z.union([
  z.object({ viewId: z.string(), user: z.string(), action: ACTION, values: ENTERED.optional() }),
  z.object({ channel: z.string(), messageTs: z.string(), user: z.string(), action: ACTION }),
]);
const SUBMIT = z.object({
  user: z.string(),
  viewId: z.string(),
  values: ENTERED.default({}),
});
const CLOSE = z.object({ user: z.string(), viewId: z.string(), all: z.boolean().optional() });
const SUGGEST = z.object({
  user: z.string(),
  block_id: z.string(),
  action_id: z.string(),
  value: z.string().default(''),
  viewId: z.string().optional(),
  values: ENTERED.optional(),
  channel: z.string().optional(),
  messageTs: z.string().optional(),
});
const SHORTCUT = z.object({
  user: z.string(),
  callback_id: z.string(),
  channel: z.string().optional(),
  messageTs: z.string().optional(),
});
const EVENT = z.object({ event: z.looseObject({ type: z.string() }) });
const DISCONNECT = z.object({
  reason: z
    .enum(['warning', 'refresh_requested', 'link_disabled', 'too_many_websockets'])
    .default('refresh_requested'),
  all: z.boolean().optional(),
  cut: z.boolean().default(false),
});
const APP = z.object({ request_url: z.url().nullable().optional(), should_escape: z.boolean().optional() });
const FAULT = z.object({
  method: z.string(),
  times: z.int().min(1).default(1),
  status: z.int().min(100).max(599).optional(),
  error: z.string().optional(),
  retryAfterSec: z.int().min(0).optional(),
  delayMs: z.int().min(0).optional(),
});
const TOKEN = z.object({ token: z.enum(['bot', 'app']), error: z.string().nullable() });
const USER = z.strictObject({
  id: z.string(),
  name: z.string().optional(),
  realName: z.string().optional(),
  isRestricted: z.boolean().optional(),
  isUltraRestricted: z.boolean().optional(),
  deleted: z.boolean().optional(),
  isBot: z.boolean().optional(),
  teamId: z.string().optional(),
  tz: z.string().optional(),
});
const GROUP = z.strictObject({
  id: z.string(),
  handle: z.string().optional(),
  users: z.array(z.string()).optional(),
});

function post<T>(name: string, schema: z.ZodType<T>, handle: (body: T) => unknown): ControlRoute {
  return {
    method: 'POST',
    name,
    handle({ body }) {
      const parsed = schema.safeParse(body);
      if (parsed.success) return handle(parsed.data);
      return { ok: false, error: 'invalid_arguments', detail: z.prettifyError(parsed.error) };
    },
  };
}

function get(name: string, handle: (request: ControlRequest) => unknown): ControlRoute {
  return { method: 'GET', name, handle };
}

/** Only the members that were given, so that the others stay as they are. */
function given<T extends object>(change: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const result: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const key in change) {
    const value = change[key];
    if (isGiven(value)) result[key] = value;
  }
  return result;
}

function isGiven<T>(value: T): value is Exclude<T, undefined> {
  return value !== undefined;
}
