import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { FONT_FAMILY } from '../../domain/map/to-svg.ts';
import type { Pictures } from '../../ports/chat.ts';

/** Slack accepts more, but a phone on a slow network does not. */
const MAX_BYTES = 2_000_000;
const TIMEOUT_MS = 30_000;

/**
 * Renders SVG to PNG with the bundled font only. The renderer is loaded with the first picture, works outside the event loop, and
 * renders one at a time: each takes tens of megabytes of memory.
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
    const png = await renderApart(svg);
    return png.length <= MAX_BYTES
      ? { ok: true, png }
      : { ok: false, why: `it would be ${Math.ceil(png.length / 1_000_000)} MB` };
  } catch (error) {
    // For example on a system for which the renderer has no build: the answer is sent without the picture, and says so.
    return { ok: false, why: error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error) };
  }
}

/**
 * Runs in its own thread, whose end frees the memory of the picture at once: the renderer leaves that to the garbage collector,
 * which does not see it, and 15 pictures took half a gigabyte. The program of the thread is a text, because the files of a
 * package are JavaScript in production and TypeScript in tests.
 */
function renderApart(svg: string): Promise<Uint8Array> {
  const renderer = fileURLToPath(import.meta.resolve('@resvg/resvg-js'));
  const font = { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: FONT_FAMILY };
  const worker = new Worker(PROGRAM, { eval: true, workerData: { renderer, svg, font } });
  return new Promise<Uint8Array>((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`it took longer than ${TIMEOUT_MS / 1000} s`));
      void worker.terminate();
    }, TIMEOUT_MS);
    worker.once('message', (png: unknown) => {
      if (png instanceof Uint8Array) resolve(png);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      clearTimeout(timer);
      reject(new Error('the renderer gave no picture')); // Nothing where there is one.
    });
  });
}

const PROGRAM = `
const { parentPort, workerData: { renderer, svg, font } } = require('node:worker_threads');
const { Resvg } = require(renderer);
parentPort.postMessage(new Uint8Array(new Resvg(svg, { font }).render().asPng()));
`;

function fontFiles(): readonly string[] {
  return [
    import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'),
    import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono-Bold.ttf'),
  ].map((url) => fileURLToPath(url));
}
