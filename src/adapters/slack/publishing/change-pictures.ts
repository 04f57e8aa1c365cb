import type { WebClient } from '@slack/web-api';
import type { CardLocations, ChangePictures, Pictures } from '../../../ports/chat.ts';
import { uploadToThread } from './upload-files.ts';

/** Uploads pictures into the threads of cards; a change whose card was never posted has no place for one. */
export function slackChangePictures(
  client: WebClient,
  locations: Pick<CardLocations, 'find'>,
  pictures: Pictures,
): ChangePictures {
  return {
    async post(change, { name, svg, alt: altText }) {
      const place = await locations.find(change);
      if (place === undefined) return;
      const picture = await pictures.png(svg);
      if (!picture.ok) throw new Error(`drawing ${name}: ${picture.why}`);
      const refused = await uploadToThread(client, place, [
        { name: `${name}.png`, content: picture.png, altText },
      ]);
      if (refused !== undefined) throw new Error(`uploading ${name}.png: Slack says ${refused}`);
    },
  };
}
