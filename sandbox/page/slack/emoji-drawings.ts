/** A drawing in a square of 16: a disc with a stroke on it, or strokes alone in the tone's colour. */
export interface Drawing {
  readonly tone: 'good' | 'bad' | 'warn' | 'note' | 'quiet';
  readonly shape: 'disc' | 'octagon' | 'triangle' | 'square' | 'none';
  /** Of the strokes, as in SVG. */
  readonly path: string;
}

const CHECK = 'M4.5 8.4 7 10.9 11.6 5.6';
const CROSS = 'M5.4 5.4 10.6 10.6M10.6 5.4 5.4 10.6';
const BANG = 'M8 4.4V8.8M8 11.4V11.5';
const ASKS = 'M6.1 6.3C6.1 4 10 4 10 6.4 10 7.9 8 7.8 8 9.4M8 11.6V11.7';
const BAR = 'M4.8 8H11.2';
const SAND =
  'M4.5 2.5H11.5M4.5 13.5H11.5M5.2 2.8C5.2 6 8 6.5 8 8 8 9.5 5.2 10 5.2 13.2M10.8 2.8C10.8 6 8 6.5 8 8 8 9.5 10.8 10 10.8 13.2';
const THUMB =
  'M2.5 7.2H4.6V13H2.5ZM4.6 7.6 7.4 2.6C9.2 2.6 8.8 5 8.4 6.4H12.6C13.6 6.4 13.6 7.6 13.2 8.6L12 12C11.7 12.7 11.3 13 10.6 13H4.6';
const LENS = 'M7 2.8A4.2 4.2 0 1 1 6.9 2.8ZM10.2 10.2 13.6 13.6';
const CUBE = 'M8 1.8 13.4 4.9V11.1L8 14.2 2.6 11.1V4.9ZM2.6 4.9 8 8 13.4 4.9M8 8V14.2';
const AGAIN =
  'M12.9 6.2A5.2 5.2 0 0 0 3.4 5.6M3.1 9.8A5.2 5.2 0 0 0 12.6 10.4M3.2 2.8V5.8H6.2M12.8 13.2V10.2H9.8';

/** Drawn here, so that they look the same on every machine, with a font of emoji or without one. */
export const DRAWINGS: Readonly<Record<string, Drawing>> = {
  '✅': { tone: 'good', shape: 'disc', path: CHECK },
  '✔': { tone: 'good', shape: 'disc', path: CHECK },
  '☑': { tone: 'good', shape: 'square', path: CHECK },
  '❌': { tone: 'bad', shape: 'disc', path: CROSS },
  '⛔': { tone: 'bad', shape: 'disc', path: BAR },
  '🚫': { tone: 'bad', shape: 'disc', path: 'M4.6 4.6 11.4 11.4' },
  '🛑': { tone: 'bad', shape: 'octagon', path: BANG },
  '🚨': { tone: 'bad', shape: 'triangle', path: BANG },
  '❗': { tone: 'bad', shape: 'disc', path: BANG },
  '⚠': { tone: 'warn', shape: 'triangle', path: BANG },
  '❔': { tone: 'quiet', shape: 'disc', path: ASKS },
  '❓': { tone: 'quiet', shape: 'disc', path: ASKS },
  ℹ: { tone: 'note', shape: 'disc', path: 'M8 7.4V11.6M8 4.6V4.7' },
  '🕓': { tone: 'note', shape: 'disc', path: 'M8 4.4V8L10.6 9.6' },
  '⏰': { tone: 'note', shape: 'disc', path: 'M8 4.4V8L10.6 9.6' },
  '⏱': { tone: 'note', shape: 'disc', path: 'M8 4.4V8L10.6 5.6' },
  '⏳': { tone: 'warn', shape: 'none', path: SAND },
  '⌛': { tone: 'warn', shape: 'none', path: SAND },
  '⏸': { tone: 'quiet', shape: 'square', path: 'M6.2 5V11M9.8 5V11' },
  '⏹': { tone: 'bad', shape: 'square', path: 'M6 6H10V10H6Z' },
  '▶': { tone: 'note', shape: 'square', path: 'M6.4 5 10.6 8 6.4 11Z' },
  '⏪': { tone: 'note', shape: 'square', path: 'M7.6 5 4.4 8 7.6 11M11.4 5 8.2 8 11.4 11' },
  '⏩': { tone: 'note', shape: 'square', path: 'M4.6 5 7.8 8 4.6 11M8.4 5 11.6 8 8.4 11' },
  '↩': { tone: 'note', shape: 'square', path: 'M6.6 4.4 4 7 6.6 9.6M4.2 7H9.6A2.3 2.3 0 0 1 9.6 11.6H7.4' },
  '🔄': { tone: 'note', shape: 'none', path: AGAIN },
  '♻': { tone: 'good', shape: 'none', path: AGAIN },
  '🔒': { tone: 'quiet', shape: 'none', path: 'M3.8 7.2H12.2V13.4H3.8ZM5.4 7V5A2.6 2.6 0 0 1 10.6 5V7' },
  '🔏': {
    tone: 'quiet',
    shape: 'none',
    path: 'M3.8 7.2H12.2V13.4H3.8ZM5.4 7V5A2.6 2.6 0 0 1 10.6 5V7M8 9.4V11.2',
  },
  '👀': {
    tone: 'note',
    shape: 'none',
    path: 'M1.6 8C4.4 3.6 11.6 3.6 14.4 8 11.6 12.4 4.4 12.4 1.6 8ZM8 6.2A1.8 1.8 0 1 1 7.9 6.2Z',
  },
  '👍': { tone: 'good', shape: 'none', path: THUMB },
  '👌': { tone: 'good', shape: 'none', path: THUMB },
  '📝': {
    tone: 'quiet',
    shape: 'none',
    path: 'M3.4 2.4H12.6V13.6H3.4ZM5.6 5.4H10.4M5.6 8H10.4M5.6 10.6H8.4',
  },
  '🔎': { tone: 'note', shape: 'none', path: LENS },
  '🔍': { tone: 'note', shape: 'none', path: LENS },
  '🧊': { tone: 'note', shape: 'none', path: CUBE },
  '❄': { tone: 'note', shape: 'none', path: 'M8 2V14M2.8 5 13.2 11M13.2 5 2.8 11' },
  '✂': {
    tone: 'quiet',
    shape: 'none',
    path: 'M4.2 3 11 12M11.8 3 5 12M4.4 11.6A1.6 1.6 0 1 1 4.3 11.6ZM11.6 11.6A1.6 1.6 0 1 1 11.5 11.6Z',
  },
  '🏳': { tone: 'quiet', shape: 'none', path: 'M4 1.8V14.2M4 2.6H12.6V8.6H4' },
  '🗺': {
    tone: 'note',
    shape: 'none',
    path: 'M2 4 6 2.6 10 4 14 2.6V12L10 13.4 6 12 2 13.4ZM6 2.6V12M10 4V13.4',
  },
  '🤖': { tone: 'quiet', shape: 'none', path: 'M3.4 5.4H12.6V13H3.4ZM8 5.4V2.6M6 8.4V9M10 8.4V9M6 11H10' },
  '⚡': { tone: 'warn', shape: 'none', path: 'M9 1.8 3.6 9.2H7.4L6.8 14.2 12.4 6.6H8.6Z' },
  '🔴': { tone: 'bad', shape: 'disc', path: '' },
  '🟢': { tone: 'good', shape: 'disc', path: '' },
  '🟡': { tone: 'warn', shape: 'disc', path: '' },
  '🟠': { tone: 'warn', shape: 'disc', path: '' },
  '🔵': { tone: 'note', shape: 'disc', path: '' },
  '⚪': { tone: 'quiet', shape: 'disc', path: '' },
};
