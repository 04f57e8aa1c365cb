import { type JsonObject, stringIn } from '../json.ts';

/** One page of a list by `limit` and `cursor`, and the cursor of the next one ('' at the end). */
export function pageOf<T>(
  items: readonly T[],
  args: JsonObject,
): { readonly page: T[]; readonly hasMore: boolean; readonly response_metadata: { next_cursor: string } } {
  const start =
    Number(
      Buffer.from(stringIn(args, 'cursor') ?? '', 'base64')
        .toString()
        .replace('next:', ''),
    ) || 0;
  const limit = Math.min(Math.max(Math.floor(Number(args.limit)) || 100, 1), 1000);
  const end = start + limit;
  const hasMore = end < items.length;
  const next_cursor = hasMore ? Buffer.from(`next:${end}`).toString('base64') : '';
  return { page: items.slice(start, end), hasMore, response_metadata: { next_cursor } };
}
