import { newId } from './generated-ids.ts';

/** A file on its way into a channel. */
export interface UploadedFile {
  readonly id: string;
  readonly name: string;
  readonly length: number;
  readonly content?: Buffer;
}

export interface Files {
  /** A place for a file that is to come. */
  expect(name: string, length: number): UploadedFile;
  find(id: string): UploadedFile | undefined;
  /** Takes the bytes; false when they are not as many as was said. */
  receive(id: string, content: Buffer): boolean;
}

export function openFiles(): Files {
  const files = new Map<string, UploadedFile>();
  return {
    expect(name, length) {
      const file = { id: newId('F'), name, length };
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
