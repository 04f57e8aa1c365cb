import type { WebClient } from '@slack/web-api';
import type { CardLocation, CardLocations, ChangePictures, Pictures } from '../../../ports/chat.ts';
import type { AnswerFile } from '../blocks/answer-files.ts';
import { clip, fallbackText } from '../blocks/escape.ts';
import { retryRateLimited, slackErrorCode } from '../slack-errors.ts';
import { postDirectly } from './direct-message.ts';

/** Destination of files: a channel, or one person. */
export interface FileDestination {
  readonly channel: string;
  readonly user: string;
  readonly isPublic?: boolean;
}

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal: alt_txt_too_large */
const MAX_ALT_TEXT = 1_000;

/**
 * Uploads files into a channel, or, for one person, into their direct messages with the bot. Resolves to why that failed;
 * undefined when it did not.
 */
export async function uploadFiles(
  client: WebClient,
  { channel, user, isPublic = false }: FileDestination,
  files: readonly AnswerFile[],
): Promise<string | undefined> {
  const names = files.map(({ name }) => name).join(', ');
  // A screen reader finds the description of a picture in the message as well.
  const shown = files.flatMap(({ altText }) => altText ?? []);
  return unlessRefused(async () => {
    // A file needs the channel id of the direct messages, which only a message there reveals.
    const text = fallbackText([`The full answer: ${names}`, ...shown], MAX_ALT_TEXT);
    const destination = isPublic
      ? channel
      : await retryRateLimited(() => postDirectly(client, user, { text }), { tries: TRIES });
    await upload(client, { channel_id: destination }, files);
  });
}

/** Uploads pictures into the threads of cards; a change without a card has no thread. */
export function slackChangePictures(
  client: WebClient,
  locations: Pick<CardLocations, 'find'>,
  pictures: Pictures,
): ChangePictures {
  return {
    async post(change, { name, svg, alt: altText }) {
      const place = await locations.find(change);
      if (place === undefined) return;
      const picture = await pictures.png(svg);
      if (!picture.ok) throw new Error(`drawing ${name}: ${picture.why}`);
      const refused = await uploadToThread(client, place, [
        { name: `${name}.png`, content: picture.png, altText },
      ]);
      if (refused !== undefined) throw new Error(`uploading ${name}.png: Slack says ${refused}`);
    },
  };
}

/** Uploads files into the thread below a message, as `uploadFiles` does. */
function uploadToThread(
  client: WebClient,
  { channel, ts }: CardLocation,
  files: readonly AnswerFile[],
): Promise<string | undefined> {
  return unlessRefused(() => upload(client, { channel_id: channel, thread_ts: ts }, files));
}

const TRIES = 5;

/** A file is visible only once the last of its calls has succeeded: after a rate limit all of them are made again. */
async function upload(
  client: WebClient,
  place: { readonly channel_id: string; readonly thread_ts?: string },
  files: readonly AnswerFile[],
): Promise<void> {
  const uploads = files.map(uploadOf);
  await retryRateLimited(() => client.files.uploadV2({ ...place, file_uploads: uploads }), { tries: TRIES });
}

function uploadOf({ name, content, altText }: AnswerFile) {
  return {
    file: Buffer.from(content),
    filename: name,
    title: name,
    ...(altText === undefined ? {} : { alt_text: clip(altText, MAX_ALT_TEXT) }),
  };
}

async function unlessRefused(act: () => Promise<void>): Promise<string | undefined> {
  try {
    await act();
    return undefined;
  } catch (error) {
    // What was sent before it must not be sent again, as it would be if this failed.
    return slackErrorCode(error) ?? (error instanceof Error ? error.message : 'no answer');
  }
}
