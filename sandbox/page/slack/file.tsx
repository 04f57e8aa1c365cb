import type { SharedFile } from '../state.ts';

/** A picture as such; of anything else its beginning, and a link to all of it. */
export function FileView({ file }: { readonly file: SharedFile }) {
  // Only the path: the file is this server's, by whatever name one came here.
  const path = new URL(file.url_private).pathname;
  if (file.mimetype === 'image/png') {
    return (
      <figure class="picture">
        <figcaption>{file.title}</figcaption>
        <a href={path} target="_blank" rel="noopener" aria-label={`Open ${file.title}`}>
          <img src={path} alt={file.alt_txt ?? file.title} />
        </a>
      </figure>
    );
  }
  return (
    <details class="file">
      <summary>
        <b>{file.title}</b> <span>{sizeOf(file)}</span>
      </summary>
      <pre>{file.preview}</pre>
      <a href={path} target="_blank" rel="noopener" download={file.name}>
        Download {file.name}
      </a>
    </details>
  );
}

function sizeOf({ size, name }: SharedFile): string {
  const kind = /\.([a-z0-9]+)$/i.exec(name)?.[1]?.toUpperCase() ?? 'Text';
  return size < 1024 ? `${kind} · ${size} bytes` : `${kind} · ${(size / 1024).toFixed(1)} KiB`;
}
