import { newId, withGeneratedIds } from './generated-ids.ts';
import { isObject, type JsonObject, objectsIn, stringIn } from './json.ts';
import type { View, ViewValues } from './view.ts';
import type { Workspace } from './workspace.ts';

/** https://docs.slack.dev/surfaces/modals: at most three views on top of each other. */
const VIEW_STACK = 3;

/** The views that are open, a stack per user, and the Home tabs. */
export interface Views {
  open(user: string, view: JsonObject): Changed;
  push(user: string, view: JsonObject): Changed;
  publish(user: string, view: JsonObject, hash?: string): Changed;
  update(
    which: { id?: string | undefined; externalId?: string | undefined },
    view: JsonObject,
    hash?: string,
  ): Changed;
  find(id: string | undefined): { readonly user: string; readonly view: View } | undefined;
  /** The one at the bottom first. */
  stack(user: string): View[];
  home(user: string): View | undefined;
  keep(user: string, view: View, values: ViewValues): View;
  /** Takes this view, and what lies on it, off the stack. */
  close(user: string, id: string): void;
  clear(user: string): void;
}

export type Changed = { readonly view: View } | { readonly error: string };

export function openViews(options: {
  readonly teamId: string;
  readonly bot: Workspace['botUser'];
  readonly nextTs: () => string;
  readonly onChange: (user: string) => void;
}): Views {
  const stacks = new Map<string, View[]>();
  const homes = new Map<string, View>();

  const stack = (user: string) => stacks.get(user) ?? [];

  function put(user: string, views: View[]): void {
    stacks.set(user, views);
    options.onChange(user);
  }

  function build(input: JsonObject, place: { id: string; root: string; previous: string | null }): View {
    return {
      id: place.id,
      team_id: options.teamId,
      type: input.type === 'home' ? 'home' : 'modal',
      blocks: withGeneratedIds(objectsIn(input.blocks)),
      private_metadata: stringIn(input, 'private_metadata') ?? '',
      callback_id: stringIn(input, 'callback_id') ?? '',
      external_id: stringIn(input, 'external_id') ?? '',
      state: { values: {} },
      hash: `${options.nextTs()}.${newId('').toLowerCase()}`,
      ...(isObject(input.title) && { title: input.title }),
      ...(isObject(input.submit) && { submit: input.submit }),
      ...(isObject(input.close) && { close: input.close }),
      clear_on_close: input.clear_on_close === true,
      notify_on_close: input.notify_on_close === true,
      submit_disabled: input.submit_disabled === true,
      root_view_id: place.root,
      previous_view_id: place.previous,
      app_id: options.bot.appId,
      bot_id: options.bot.botId,
      app_installed_team_id: options.teamId,
    };
  }

  function externalIdTaken(externalId: string | undefined, but?: string): boolean {
    const all = [...stacks.values()].flat();
    return Boolean(externalId) && all.some((view) => view.external_id === externalId && view.id !== but);
  }

  function add(user: string, input: JsonObject, below: View[]): Changed {
    if (externalIdTaken(stringIn(input, 'external_id'))) return { error: 'duplicate_external_id' };
    if (below.length >= VIEW_STACK) return { error: 'push_limit_reached' };
    const id = newId('V');
    const view = build(input, { id, root: below[0]?.id ?? id, previous: below.at(-1)?.id ?? null });
    put(user, [...below, view]);
    return { view };
  }

  function find(id: string | undefined): { user: string; view: View } | undefined {
    for (const [user, views] of [...stacks, ...[...homes].map(([owner, home]) => [owner, [home]] as const)]) {
      const view = views.find((open) => open.id === id);
      if (view !== undefined) return { user, view };
    }
    return undefined;
  }

  function replace(user: string, view: View): View {
    if (view.type === 'home') homes.set(user, view);
    const views = stack(user).map((open) => (open.id === view.id ? view : open));
    put(user, views);
    return view;
  }

  return {
    open: (user, input) => add(user, input, []),
    push: (user, input) => add(user, input, stack(user)),
    publish(user, input, hash) {
      const known = homes.get(user);
      if (hash !== undefined && known !== undefined && known.hash !== hash) return { error: 'hash_conflict' };
      const id = known?.id ?? newId('V');
      return { view: replace(user, build(input, { id, root: id, previous: null })) };
    },
    update(which, input, hash) {
      const open = [...stacks.values()].flat();
      const byExternalId = open.find(
        (view) => Boolean(which.externalId) && view.external_id === which.externalId,
      );
      const found = find(which.id ?? byExternalId?.id);
      if (found === undefined) return { error: 'not_found' };
      if (hash !== undefined && found.view.hash !== hash) return { error: 'hash_conflict' };
      if (externalIdTaken(stringIn(input, 'external_id'), found.view.id))
        return { error: 'duplicate_external_id' };
      const { id, root_view_id: root, previous_view_id: previous } = found.view;
      return {
        view: replace(found.user, { ...build(input, { id, root, previous }), state: found.view.state }),
      };
    },
    find,
    stack: (user) => [...stack(user)],
    home: (user) => homes.get(user),
    keep: (user, view, values) => replace(user, { ...view, state: { values } }),
    close(user, id) {
      const at = stack(user).findIndex((view) => view.id === id);
      if (at >= 0) put(user, stack(user).slice(0, at));
    },
    clear: (user) => put(user, []),
  };
}
