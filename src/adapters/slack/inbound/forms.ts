import { setTimeout as sleep } from 'node:timers/promises';
import type { BlockAction, SlackViewAction, ViewOutput } from '@slack/bolt';
import type { ModalView, Option } from '@slack/types';
import type { ViewsUpdateArguments, WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { ParsedCommand } from '../../../domain/change/change.ts';
import { parseJson } from '../../../domain/json.ts';
import type { Person } from '../../../domain/person.ts';
import { isRefusal, refuse } from '../../../domain/refusal.ts';
import { CHANNEL_FIELD, type FormValues, isArgument, wayOf } from '../../../workflow/requests/form-fields.ts';
import type { FilledForm, FormOrigin, Forms } from '../../../workflow/requests/forms.ts';
import type { Reply } from '../../../workflow/requests.ts';
import { loadingView, refusedView } from '../blocks/confirm-blocks.ts';
import { FORM, fieldError, formView, menuView, slackOptions, withPreview } from '../blocks/form-blocks.ts';
import { retryRateLimited } from '../slack-errors.ts';
import { personOf } from './person-of.ts';

/** Where to show a form: in a new modal, or in the open one. */
export type FormPlace = { readonly triggerId: string } | { readonly viewId: string };

/** Where a form was opened; answers about it go there. */
export interface FormSource {
  readonly channel: string;
  readonly responseUrl?: string;
  readonly directly?: true;
}

export interface FormDialogs {
  openMenu(place: FormPlace, person: Person): Promise<Reply>;
  open(
    verb: string,
    place: FormPlace,
    source: FormSource,
    origin: Omit<FormOrigin, 'channel'>,
  ): Promise<Reply>;
  /** Handles an input: shows the preview once the person pauses. */
  changed(body: BlockAction): Promise<void>;
  /** The answer to Slack within its three seconds, and the command to submit if there is no fault. */
  submitted(body: SlackViewAction): Promise<FormAnswer>;
  /** Options of a field while somebody types; empty where they are not available in time. */
  options(view: ViewOutput, person: Person, field: string, typed: string): Promise<Option[]>;
}

export type FormAnswer =
  | { readonly errors: Readonly<Record<string, string>> }
  | { readonly parsed: ParsedCommand; readonly to: FormSource };

// Slack waits three seconds for either.
const ANSWER_WITHIN_MS = 2_000;
const PAUSE_MS = 300;
const UPDATE_TRIES = 5;
const EMPTY = { kind: 'empty' } as const;
const NOTHING = (): undefined => undefined;

export function openFormDialogs(
  client: WebClient,
  forms: Forms,
  onError: (error: unknown, what: string) => void,
): FormDialogs {
  /** By the id of the view: the latest input, and the preview in progress. */
  const newest = new Map<string, object>();
  const reading = new Map<string, Promise<unknown>>();

  const update = (view: ViewsUpdateArguments): Promise<unknown> =>
    retryRateLimited(() => client.views.update(view), { tries: UPDATE_TRIES });

  async function show(place: FormPlace, prepare: () => Promise<ModalView>, instead: string): Promise<Reply> {
    const opening =
      'viewId' in place
        ? Promise.resolve(place.viewId)
        : client.views.open({ trigger_id: place.triggerId, view: loadingView() }).then(
            ({ view }) => view?.id,
            (error: unknown) => {
              onError(error, 'opening a form');
              return undefined;
            },
          );
    const view = await prepare();
    const viewId = await opening;
    if (viewId === undefined) return refuse('dialog_closed', 'Slack did not open the form.', instead);
    try {
      await update({ view_id: viewId, view });
    } catch (error) {
      onError(error, 'filling a form');
      return refuse('dialog_closed', 'Slack did not show the form.', instead);
    }
    return { kind: 'working' };
  }

  /** The same fields with the preview of the present values. */
  async function again(view: ViewOutput, form: FilledForm): Promise<ModalView> {
    const { callback_id, private_metadata, title } = view;
    return {
      type: 'modal',
      callback_id,
      private_metadata,
      title,
      ...(view.submit === null ? {} : { submit: view.submit }),
      ...(view.close === null ? {} : { close: view.close }),
      blocks: [...withPreview(view.blocks, await forms.preview(form))],
    };
  }

  /** The fields of the chosen argument pattern; shared fields keep their values, because their ids stay the same. */
  async function otherFields(view: ViewOutput, form: FilledForm): Promise<ModalView> {
    const { verb, person, values } = form;
    const { channel, directly } = sourceOf(view);
    const origin = { person, channel: directly === true ? '' : channel, way: wayOf(values) };
    const other = await forms.open(verb, origin);
    return isRefusal(other) ? refusedView(other) : formView(other, view.private_metadata, EMPTY);
  }

  return {
    openMenu: (place, person) =>
      show(place, async () => menuView(await forms.menu(person), refusedView), 'Type help.'),

    open: (verb, place, source, { person, change }) =>
      show(
        place,
        async () => {
          const { channel, directly } = source;
          const origin = { person, channel: directly === true ? '' : channel };
          const form = await forms.open(verb, change === undefined ? origin : { ...origin, change });
          if (isRefusal(form)) return refusedView(form);
          const initial = form.fields.flatMap(({ id, initial }) =>
            initial === undefined ? [] : [[id, [initial.value]] as const],
          );
          const filled = { verb, person, channel, values: new Map(initial) };
          return formView(form, memoryOf(source), change === undefined ? EMPTY : await forms.preview(filled));
        },
        `Type help ${verb}.`,
      ),

    async changed(body) {
      const { view } = body;
      if (view === undefined) return;
      const mine = {};
      newest.set(view.id, mine);
      const form = formOf(view, personOf(body));
      const chooses = !view.blocks.some(({ block_id: id = '' }) => isArgument(id, wayOf(form.values)));
      if (!chooses) await sleep(PAUSE_MS);
      // One at a time for each view: a preview may query TMM pods.
      await reading.get(view.id);
      if (newest.get(view.id) !== mine) return;
      const drawing = chooses ? otherFields(view, form) : again(view, form);
      const settled = drawing.then(NOTHING, NOTHING).finally(() => reading.delete(view.id));
      reading.set(view.id, settled);
      const drawn = await drawing;
      // A later input gets its own preview.
      if (newest.get(view.id) !== mine) return;
      const draw = (hash?: string): Promise<unknown> =>
        update({ view_id: view.id, view: drawn, ...(hash === undefined ? {} : { hash }) });
      try {
        await draw(view.hash).catch((error: unknown) => {
          // The preview of an earlier input may have been shown since this one was entered; this one is newer.
          if (!/hash_conflict/.test(String(error))) throw error;
          return newest.get(view.id) === mine ? draw() : undefined;
        });
      } catch (error) {
        // Somebody closed the form.
        if (!/not_found/.test(String(error))) throw error;
      } finally {
        if (newest.get(view.id) === mine) newest.delete(view.id);
      }
    },

    async submitted(body) {
      const { view } = body;
      const form = formOf(view, personOf(body));
      newest.delete(view.id);
      const fault = await inTime(forms.check(form), undefined);
      if (fault !== undefined) return { errors: { [fault.field]: fieldError(fault.refusal) } };
      return { parsed: forms.read(form), to: { ...sourceOf(view), channel: form.channel } };
    },

    async options(view, person, field, typed) {
      return slackOptions(await inTime(forms.options(field, typed, formOf(view, person)), []));
    },
  };

  function inTime<Value>(work: Promise<Value>, otherwise: Value): Promise<Value> {
    const known = work.catch((error: unknown) => {
      onError(error, 'a form');
      return otherwise;
    });
    return Promise.race([known, sleep(ANSWER_WITHIN_MS, otherwise, { ref: false })]);
  }
}

const memorySchema = z.object({
  channel: z.string(),
  responseUrl: z.string().exactOptional(),
  directly: z.literal(true).exactOptional(),
});

// private_metadata may have 3,000 characters.
const MAX_URL = 1_000;

function memoryOf({ channel, responseUrl, directly }: FormSource): string {
  const usable = responseUrl !== undefined && responseUrl !== '' && responseUrl.length <= MAX_URL;
  return JSON.stringify({
    channel,
    ...(usable ? { responseUrl } : {}),
    ...(directly === true ? { directly } : {}),
  });
}

function sourceOf({ private_metadata }: ViewOutput): z.infer<typeof memorySchema> {
  return memorySchema.safeParse(parseJson(private_metadata)).data ?? { channel: '' };
}

/** The present values of this view. */
function formOf(view: ViewOutput, person: Person): FilledForm {
  const values = new Map<string, readonly string[]>();
  for (const [field, actions] of Object.entries(view.state?.values ?? {})) {
    const entered = Object.values(actions).flatMap((input) => [
      ...(input.value === undefined || input.value === null ? [] : [input.value]),
      ...(input.selected_option === undefined || input.selected_option === null
        ? []
        : [input.selected_option.value]),
      ...(input.selected_options ?? []).map(({ value }) => value),
      ...(input.selected_conversation === undefined || input.selected_conversation === null
        ? []
        : [input.selected_conversation]),
    ]);
    const given = entered.filter((value) => value.trim() !== '');
    if (given.length > 0) values.set(field, given);
  }
  const { channel } = sourceOf(view);
  const chosen: FormValues = values;
  return {
    verb: view.callback_id.slice(FORM.length),
    person,
    channel: chosen.get(CHANNEL_FIELD)?.[0] ?? channel,
    values,
  };
}
