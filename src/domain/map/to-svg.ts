import { wellFormed } from '../well-formed.ts';
import type { Drawing, Item, Label } from './drawing.ts';

/** A phone shows about 1,200 pixels in width; small pictures are drawn larger, so that they are sharp when opened. */
const MAX_ZOOM = 2;
/** Maximum number of pixels of a PNG; each takes four bytes while it is made. */
const MAX_PIXELS = 8_000_000;

/** The font of all labels, by which `label` measures them. */
export const FONT_FAMILY = 'DejaVu Sans Mono';

/** The text of an SVG file, with a size in pixels at which a rendered picture is readable and not too large. */
export function toSvg({ width, height, items }: Drawing): string {
  const zoom = Math.min(MAX_ZOOM, Math.sqrt(MAX_PIXELS / (width * height)));
  const [wide, high] = [Math.floor(width * zoom), Math.floor(height * zoom)];
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${wide}" height="${high}" viewBox="0 0 ${number(width)} ${number(height)}" font-family="${FONT_FAMILY}">`,
    `<rect width="${number(width)}" height="${number(height)}" fill="#ffffff"/>`,
    ...items.map(element),
    '</svg>',
  ].join('\n');
}

function element(item: Item): string {
  switch (item.kind) {
    case 'box': {
      const stroke = item.stroke === undefined ? '' : ` stroke="${item.stroke}" stroke-width="1.5"`;
      return `<rect x="${number(item.x)}" y="${number(item.y)}" width="${number(item.width)}" height="${number(item.height)}" rx="${item.radius}" fill="${item.fill}"${stroke}/>`;
    }
    case 'line': {
      const [[x1, y1], [x2, y2]] = [item.from, item.to];
      const dash = item.dash === undefined ? '' : ` stroke-dasharray="${item.dash.join(' ')}"`;
      return `<line x1="${number(x1)}" y1="${number(y1)}" x2="${number(x2)}" y2="${number(y2)}" stroke="${item.stroke}" stroke-width="${item.width}"${dash}/>`;
    }
    case 'label':
      return textElement(item);
  }
}

function textElement({ x, y, text, size, bold, fill }: Label): string {
  const weight = bold ? ' font-weight="bold"' : '';
  // The ascent of the font is 0.93 of its size; a line is 1.3 high.
  return `<text x="${number(x)}" y="${number(y + size)}" font-size="${size}"${weight} fill="${fill}" xml:space="preserve">${escapeXml(text)}</text>`;
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names are data: this removes markup, characters that XML forbids, and those that change the direction of text. */
export function escapeXml(text: string): string {
  return wellFormed(text)
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u{fffe}\u{ffff}]/gu, '\u{fffd}')
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
