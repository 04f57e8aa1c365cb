import { fileURLToPath } from 'node:url';
import { FONT_FAMILY } from '../../domain/map/to-svg.ts';
import type { Pictures } from '../../ports/chat.ts';

/** Slack takes more, a phone on a train does not. */
const MOST_BYTES = 2_000_000;

/**
 * Makes PNG of SVG with the font that ships, and with no other. The renderer is loaded with the first picture, works beside the
 * event loop, and draws one at a time: each takes tens of megabytes while it is made.
 */
export function openPictures(): Pictures {
  let last: Promise<unknown> = Promise.resolve();
  return {
    png(svg) {
      const picture = last.then(() => render(svg));
      last = picture;
      return picture;
    },
  };
}

async function render(svg: string): ReturnType<Pictures['png']> {
  try {
    const { renderAsync } = await import('@resvg/resvg-js');
    const font = { loadSystemFonts: false, fontFiles: [...FONT_FILES], defaultFontFamily: FONT_FAMILY };
    const png = (await renderAsync(svg, { font })).asPng();
    return png.length <= MOST_BYTES
      ? { ok: true, png }
      : { ok: false, why: `it would have ${Math.ceil(png.length / 1_000_000)} MB` };
  } catch (error) {
    // Such as on a system for which the renderer has no build: the answer goes without the picture, and says so.
    return { ok: false, why: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

const FONT_FILES: readonly string[] = ['DejaVuSansMono.ttf', 'DejaVuSansMono-Bold.ttf'].map((file) =>
  fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}`)),
);
