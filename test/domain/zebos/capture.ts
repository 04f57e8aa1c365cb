import { readdirSync, readFileSync } from 'node:fs';

const FOLDER = new URL('captures/', import.meta.url);

/** The text of one file in `captures/`. */
export function capture(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

/** Name and text of every capture that holds a secret. All of them begin with `hunter2`. */
export function capturesWithSecrets(): [name: string, text: string][] {
  return captures('').filter(([, text]) => text.includes('hunter2'));
}

/** Name and text of every capture of this kind, such as `summary`; all of them for ''. */
export function captures(kind: string): [name: string, text: string][] {
  const names = readdirSync(FOLDER).filter((name) => name.endsWith(`${kind}.txt`));
  return names.map((name) => [name, capture(name)]);
}
