import { type LookupIndex, type StyleCount, styleKey } from './lookup-index.ts';
import type { Style } from './mapping.ts';

/** Writes addresses in a style; `separator` is used where the style shows none. */
export function printMapping(
  addresses: readonly string[],
  style: Style & { readonly separator?: string },
): string {
  return style.opening + addresses.join(style.between ?? style.separator ?? ',') + style.closing;
}

/**
 * The style for a node's new value: that of its present one; what it lacks comes from the commonest style among the values of the
 * ConfigMap, and finally from the configured separator.
 */
export function styleOf(index: LookupIndex, node: string, separator: string): Style {
  const own = styleIn(index, node);
  const styles = [...index.styles.values()];
  const withSeparator = styles.filter(({ style }) => style.between !== undefined);
  const common = commonest(index, withSeparator) ?? commonest(index, styles);
  const wrapping = own ?? (index.mappings.has(node) ? undefined : common) ?? { opening: '', closing: '' };
  const between = own?.between ?? matching(common, wrapping) ?? separatorFor(wrapping.opening, separator);
  return { opening: wrapping.opening, between, closing: wrapping.closing };
}

function styleIn({ mappings }: LookupIndex, node: string): Style | undefined {
  const mapping = mappings.get(node);
  return mapping === undefined || 'unreadable' in mapping ? undefined : mapping.style;
}

/** A separator is reused only between the same quotes and brackets. */
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

/** Among equally common styles, the one that comes first in the ConfigMap. */
function commonest(index: LookupIndex, styles: readonly StyleCount[]): Style | undefined {
  const most = styles.reduce((count, one) => Math.max(count, one.count), 0);
  const tied = styles.filter(({ count }) => count === most).map(({ style }) => style);
  if (tied.length < 2) return tied[0];
  const keys = new Set(tied.map(styleKey));
  for (const key of Object.keys(index.data)) {
    const style = styleIn(index, key);
    if (style !== undefined && keys.has(styleKey(style))) return style;
  }
  return undefined;
}
