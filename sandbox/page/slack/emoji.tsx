import type { ComponentChildren } from 'preact';
import { DRAWINGS, type Drawing } from './emoji-drawings.ts';
import { EMOJI } from './emoji-names.ts';

/** Slack escapes three characters in every text. */
export function decoded(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

/** Text without markup, for places that take only a string. */
export function plainString(text: string): string {
  return decoded(text).replace(NAME, (typed, name: string) => characterOf(name) ?? typed);
}

/** Text without markup; emoji, by name or as characters, are drawn. */
export function Plain({ text }: { readonly text: string }): ComponentChildren {
  return <Drawn text={text.replace(NAME, (typed, name: string) => characterOf(name) ?? typed)} />;
}

/** The same, where names of emoji mean nothing. */
export function Drawn({ text }: { readonly text: string }): ComponentChildren {
  return decoded(text)
    .split(DRAWN)
    .map((part, index) => (index % 2 === 0 ? part : <Emoji key={index} character={part} />));
}

/** By Slack's name; one that is not known stays as it was typed. */
export function NamedEmoji({ name }: { readonly name: string }) {
  const character = characterOf(name);
  return character === undefined ? <>:{name}:</> : <Plain text={character} />;
}

const NAME = /:([a-z0-9_+-]+):/g;
const DRAWN = new RegExp(`((?:${Object.keys(DRAWINGS).join('|')})\\uFE0F?)`, 'u');
const NAMES = new Map(Object.entries(EMOJI).map(([name, character]) => [bare(character), name]));

function characterOf(name: string): string | undefined {
  return Object.hasOwn(EMOJI, name) ? EMOJI[name] : undefined;
}

/** Without the selector that asks for a coloured picture. */
function bare(character: string): string {
  return character.replace('\uFE0F', '');
}

/** The character stays in the text, so that copying it and searching for it work. */
function Emoji({ character }: { readonly character: string }) {
  const drawing = DRAWINGS[bare(character)];
  if (drawing === undefined) return <>{character}</>;
  const name = NAMES.get(bare(character)) ?? character;
  return (
    <span class={`emoji tone-${drawing.tone}`} role="img" aria-label={name.replaceAll('_', ' ')}>
      <span class="glyph">{character}</span>
      <Picture drawing={drawing} />
    </span>
  );
}

function Picture({ drawing: { shape, path } }: { readonly drawing: Drawing }) {
  return (
    <svg viewBox="0 0 16 16" aria-hidden="true" class={shape === 'none' ? 'bare' : 'filled'}>
      {shape === 'disc' && <circle class="ground" cx="8" cy="8" r="7.2" />}
      {shape === 'square' && <rect class="ground" x="1" y="1" width="14" height="14" rx="3.5" />}
      {shape === 'octagon' && <path class="ground" d="M5.2 1H10.8L15 5.2V10.8L10.8 15H5.2L1 10.8V5.2Z" />}
      {shape === 'triangle' && <path class="ground" d="M8 1.2 15.4 14.4H.6Z" stroke-linejoin="round" />}
      <path
        class="stroke"
        d={path}
        transform={shape === 'triangle' ? 'translate(1.6 3) scale(.8)' : undefined}
      />
    </svg>
  );
}
