import { readMapping, type Style } from './mapping.ts';

/** Writes addresses in a style; `separator` stands in where the style shows none. */
export function printMapping(
  addresses: readonly string[],
  style: Style & { readonly separator?: string },
): string {
  return style.opening + addresses.join(style.between ?? style.separator ?? ',') + style.closing;
}

/**
 * The style for a node's new value: that of its present one; what it does not show comes from the commonest style among
 * the other values of the ConfigMap, and at last from the configured separator.
 */
export function styleOf(data: Readonly<Record<string, string>>, node: string, separator: string): Style {
  const own = styleIn(data[node]);
  const others = Object.entries(data).flatMap(([key, value]) => {
    const style = key === node ? undefined : styleIn(value);
    return style === undefined ? [] : [style];
  });
  const common = commonest(others.filter(({ between }) => between !== undefined)) ?? commonest(others);
  const wrapping = own ?? (data[node] === undefined ? common : undefined) ?? { opening: '', closing: '' };
  const between = own?.between ?? matching(common, wrapping) ?? separatorFor(wrapping.opening, separator);
  return { opening: wrapping.opening, between, closing: wrapping.closing };
}

function styleIn(value: string | undefined): Style | undefined {
  const mapping = value === undefined ? undefined : readMapping(value);
  return mapping === undefined || 'unreadable' in mapping ? undefined : mapping.style;
}

/** A separator fits only between the same quotes and brackets. */
function matching(
  common: Style | undefined,
  wrapping: Pick<Style, 'opening' | 'closing'>,
): string | undefined {
  const alike =
    common !== undefined && common.opening === wrapping.opening && common.closing === wrapping.closing;
  return alike ? common.between : undefined;
}

function separatorFor(opening: string, separator: string): string {
  const quote = /["']$/.exec(opening)?.[0];
  return opening.includes('[') && quote !== undefined ? `${quote}${separator}${quote}` : separator;
}

function commonest(styles: readonly Style[]): Style | undefined {
  const counts = new Map<string, { style: Style; count: number }>();
  for (const style of styles) {
    const key = JSON.stringify([style.opening, style.between ?? null, style.closing]);
    counts.set(key, { style, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()].sort((one, other) => other.count - one.count)[0]?.style;
}
