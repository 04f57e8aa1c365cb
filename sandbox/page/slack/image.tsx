import type { Text } from './block-types.ts';
import { TextOf } from './text-of.tsx';

interface Image {
  readonly alt_text: string;
  readonly image_url?: string | undefined;
  readonly slack_file?: { readonly id?: string | undefined; readonly url?: string | undefined } | undefined;
}

/** A picture that was uploaded here; of one that is elsewhere its description, because the page loads nothing from there. */
export function ImageView({ image, title }: { readonly image: Image; readonly title?: Text | undefined }) {
  const path = pathOf(image);
  if (path === undefined) return <span class="placeholder">Picture: {image.alt_text}</span>;
  return (
    <figure class="picture">
      {title && (
        <figcaption>
          <TextOf text={title} />
        </figcaption>
      )}
      <img src={path} alt={image.alt_text} />
    </figure>
  );
}

function pathOf({ image_url: imageUrl, slack_file: file }: Image): string | undefined {
  if (file?.id !== undefined) return `/_files/${encodeURIComponent(file.id)}`;
  const url = file?.url ?? imageUrl;
  const path = url !== undefined && URL.canParse(url) ? new URL(url).pathname : '';
  return path.startsWith('/_files/') ? path : undefined;
}
