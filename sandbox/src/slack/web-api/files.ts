import type { Backend } from '../backend.ts';
import { jsonArgument } from '../content.ts';
import { mimeTypeOf, type UploadedFile } from '../files.ts';
import { type JsonObject, objectsIn, stringIn } from '../json.ts';
import { answer, type Method, missingArgument, refuse } from './answer.ts';
import { botMessage } from './bot-message.ts';
import { findJoinedChannel } from './find-channel.ts';

/** How much of a file the page shows. */
const PREVIEW_CHARACTERS = 2000;
const MAX_ALT_TXT = 1000;

/** https://docs.slack.dev/reference/methods/files.getUploadURLExternal */
export const getUploadUrl: Method = ({ backend, args }) => {
  const name = stringIn(args, 'filename');
  const length = Number(args.length);
  if (name === undefined) return missingArgument('filename');
  if (!Number.isInteger(length) || length <= 0) return missingArgument('length');
  const altTxt = stringIn(args, 'alt_txt');
  if (altTxt !== undefined && altTxt.length > MAX_ALT_TXT) return refuse('alt_txt_too_large');
  const file = backend.files.expect(name, length, altTxt);
  return answer({ upload_url: `${backend.address.url}/_upload/${file.id}`, file_id: file.id });
};

/** https://docs.slack.dev/reference/methods/files.completeUploadExternal */
export const completeUpload: Method = (call) => {
  const { backend, args } = call;
  const asked = objectsIn(jsonArgument(args, 'files'));
  if (asked.length === 0) return missingArgument('files');
  const files: JsonObject[] = [];
  for (const { id, title } of asked) {
    const file = backend.files.find(String(id));
    if (file?.content === undefined) return refuse('file_not_found');
    files.push(seenFile(backend, file, typeof title === 'string' ? title : file.name));
  }
  const channel = stringIn(args, 'channel_id');
  if (channel !== undefined) {
    const found = findJoinedChannel({ backend, args: { channel } });
    if ('refusal' in found) return found.refusal;
    const threadTs = stringIn(args, 'thread_ts');
    const text = stringIn(args, 'initial_comment') ?? '';
    backend.messages.add({
      ...botMessage(backend, found.channel.id, { text }),
      files,
      ...(threadTs && { thread_ts: threadTs }),
    });
  }
  return answer({ files });
};

function seenFile(backend: Backend, file: UploadedFile, title: string): JsonObject {
  const mimetype = mimeTypeOf(file);
  const preview = mimetype === 'image/png' ? '' : (file.content?.toString('utf8') ?? '');
  return {
    id: file.id,
    name: file.name,
    title,
    size: file.length,
    mimetype,
    ...(file.altTxt === undefined ? {} : { alt_txt: file.altTxt }),
    preview: preview.slice(0, PREVIEW_CHARACTERS),
    url_private: `${backend.address.url}/_files/${file.id}`,
  };
}
