import { faultMessages } from './block-kit/fault.ts';
import { LIMITS } from './block-kit/limits.ts';
import { codePoints } from './block-kit/text.ts';
import { blockTextLength } from './block-kit/text-length.ts';
import { type KnownBlocks, validateBlocks } from './block-kit/validate-blocks.ts';
import { withGeneratedIds } from './generated-ids.ts';
import { isObject, type JsonObject, objectsIn, parseJson, stringIn } from './json.ts';
import type { Metadata } from './message.ts';

/** https://docs.slack.dev/reference/methods/chat.postMessage */
const MAX_TEXT = 40_000;
const MAX_ATTACHMENTS = 100;

/** What a message says; a part that was not given is not there. */
export interface Content {
  readonly text?: string;
  readonly blocks?: readonly JsonObject[];
  readonly attachments?: readonly JsonObject[];
  readonly metadata?: Metadata;
}

export type ContentFault = { readonly error: string; readonly messages?: readonly string[] };

/** Reads and checks the content of a message, as every way of posting does. */
export function readContent(
  args: JsonObject,
  limits: { readonly blockText: boolean; readonly knownBlocks: KnownBlocks },
): Content | ContentFault {
  const text = stringIn(args, 'text');
  const blocks = jsonArgument(args, 'blocks');
  const attachments = objectsIn(jsonArgument(args, 'attachments'));
  const metadata = jsonArgument(args, 'metadata');
  if (codePoints(text ?? '') > MAX_TEXT) return { error: 'msg_too_long' };
  if (attachments.length > MAX_ATTACHMENTS) return { error: 'too_many_attachments' };
  const faults = blocks === undefined ? [] : validateBlocks(blocks, 'message', limits.knownBlocks);
  if (faults.length > 0) return { error: 'invalid_blocks', messages: faultMessages(faults, 'blocks') };
  if (limits.blockText && blockTextLength(blocks) > LIMITS.messageBlockText)
    return { error: 'msg_blocks_too_long' };
  if (metadata !== undefined && !isMetadata(metadata)) return { error: 'invalid_metadata_format' };
  return {
    ...(text !== undefined && { text }),
    ...(blocks !== undefined && { blocks: withGeneratedIds(objectsIn(blocks)) }),
    ...(attachments.length > 0 && { attachments }),
    ...(metadata !== undefined && { metadata }),
  };
}

export function isEmpty(content: Content): boolean {
  const nothing = (list?: readonly unknown[]) => list === undefined || list.length === 0;
  return (content.text ?? '').trim() === '' && nothing(content.blocks) && nothing(content.attachments);
}

/** An argument that is JSON inside a form, or itself inside a JSON body. */
export function jsonArgument(args: JsonObject, name: string): unknown {
  const value = args[name];
  if (typeof value !== 'string') return value ?? undefined;
  return value === '' ? undefined : (parseJson(value) ?? value);
}

function isMetadata(value: unknown): value is Metadata {
  return isObject(value) && typeof value.event_type === 'string' && isObject(value.event_payload);
}
