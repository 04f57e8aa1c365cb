import { expect, test } from '@jest/globals';
import { openPictures } from '../../../src/adapters/pictures/render-png.ts';
import { drawMap } from '../../../src/domain/map/draw-map.ts';
import { label } from '../../../src/domain/map/drawing.ts';
import { toSvg } from '../../../src/domain/map/to-svg.ts';
import { aMap } from '../../domain/map/a-map.ts';

const pictures = openPictures();

test.each([
  [4, 1],
  [200, 20],
])('the map of %i nodes is a PNG of at most 2 MB, as large as its SVG says', async (count, perRack) => {
  const svg = toSvg(drawMap(aMap(count, perRack)));
  const [, width, height] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const png = Buffer.from(await drawn(svg));
  expect(png.subarray(0, 8).toString('latin1')).toBe('\u0089PNG\r\n\u001a\n');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([Number(width), Number(height)]);
  expect(png.length).toBeLessThan(2_000_000);
});

test('text is drawn with the font that ships: two texts are two pictures, symbols as well', async () => {
  const of = (text: string) =>
    drawn(toSvg({ width: 100, height: 40, items: [label(text, 10, 10, 80, { size: 14 })] }));
  const pngs = await Promise.all(['', 'a', 'b', '✓', '✗', '…', '\ufffd'].map(of));
  expect(new Set(pngs.map((png) => Buffer.from(png).toString('base64'))).size).toBe(pngs.length);
});

test('any name can be drawn, also one that would be markup', async () => {
  const name = '</text><script>&amp;"\u0000\ud800\u202e';
  await drawn(toSvg({ width: 300, height: 40, items: [label(name, 10, 10, 280)] }));
});

test('what cannot be drawn is said, and the next picture is drawn all the same', async () => {
  expect(await pictures.png('<svg')).toMatchObject({ ok: false, why: expect.stringMatching(/./) });
  await drawn(toSvg(drawMap(aMap(1, 1))));
});

async function drawn(svg: string): Promise<Uint8Array> {
  const picture = await pictures.png(svg);
  if (!picture.ok) throw new Error(picture.why);
  return picture.png;
}
