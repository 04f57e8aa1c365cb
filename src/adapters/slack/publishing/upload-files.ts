import { WebAPIPlatformError, type WebClient } from '@slack/web-api';
import type { AnswerFile } from '../blocks/answer-files.ts';

/** Where files go: a channel that everybody of it reads, or one person. */
export interface FileDestination {
  readonly channel: string;
  readonly user: string;
  readonly isPublic?: boolean;
}

/**
 * Uploads files into a channel, or, where only one person may read them, into their direct messages with the bot. Resolves to why
 * Slack refused it; undefined when it did not.
 */
export async function uploadFiles(
  client: WebClient,
  { channel, user, isPublic = false }: FileDestination,
  files: readonly AnswerFile[],
): Promise<string | undefined> {
  const names = files.map(({ name }) => name).join(', ');
  try {
    // A file needs the id of the channel of its reader, which only a message there tells.
    const opened = isPublic
      ? undefined
      : await client.chat.postMessage({ channel: user, text: `What you asked for, in full: ${names}` });
    const destination = isPublic ? channel : (opened?.channel ?? '');
    await client.files.uploadV2({
      channel_id: destination,
      file_uploads: files.map(({ name, content }) => ({
        file: Buffer.from(content),
        filename: name,
        title: name,
      })),
    });
    return undefined;
  } catch (error) {
    if (error instanceof WebAPIPlatformError) return error.data.error;
    throw error;
  }
}
