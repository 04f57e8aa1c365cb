import { newId } from './generated-ids.ts';

/** A file on its way into a channel. */
export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly content?: Buffer;
  /** What a picture shows, for screen readers. */
  readonly altTxt?: string;
}

/** By the ending of its name; anything but a picture counts as text here. */
export function mimeTypeOf({ name }: Pick<UploadedFile, 'name'>): string {
  return name.endsWith('.png') ? 'image/png' : 'text/plain';
}

export interface Files {
  /** A place for a file that is to come. */
  expect(name: string, length: number, altTxt?: string): UploadedFile;
  find(id: string): UploadedFile | undefined;
  /** Takes the bytes; false when they are not as many as was said. */
  receive(id: string, content: Buffer): boolean;
}

export function openFiles(): Files {
  const files = new Map<string, UploadedFile>();
  return {
    expect(name, length, altTxt) {
      const file = { id: newId('F'), name, length, ...(altTxt === undefined ? {} : { altTxt }) };
      files.set(file.id, file);
      return file;
    },
    find: (id) => files.get(id),
    receive(id, content) {
      const file = files.get(id);
      if (file === undefined || file.length !== content.length) return false;
      files.set(id, { ...file, content });
      return true;
    },
  };
}
