import type { WebSocket } from 'ws';
import type { Zebos } from '../zebos/start-zebos.ts';
import { channels, finish, send, success } from './exec-channels.ts';

const END_OF_INPUT = '\u0004';
const INTERRUPT = '\u0003';
const BACKSPACE = '\u007f';

/** ZebOS's shell with a person before it: prompt, echo (on a terminal), `exit`. */
export function serveImish(webSocket: WebSocket, zebos: Zebos, isTerminal: boolean): void {
  const newline = isTerminal ? '\r\n' : '\n';
  const prompt = `${zebos.hostname}[0]>`;
  const print = (text: string): void => send(webSocket, channels.stdout, text.replaceAll('\n', newline));
  let line = '';
  let isOver = false;

  const leave = (): void => {
    isOver = true;
    finish(webSocket, success);
  };
  const enter = (): void => {
    const command = line.trim();
    line = '';
    if (['exit', 'quit', 'logout'].includes(command)) leave();
    else print(zebos.imish(command).stdout + prompt);
  };
  const erase = (): void => {
    if (line !== '' && isTerminal) print('\b \b');
    line = line.slice(0, -1);
  };
  const interrupt = (): void => {
    line = '';
    print(`^C\n${prompt}`);
  };
  const type = (key: string): void => {
    line += key;
    if (isTerminal) print(key);
  };
  const press = (key: string): void => {
    const isEnter = key === '\r' || key === '\n';
    if (isEnter && isTerminal) print('\n');
    if (isEnter) enter();
    else if (key === END_OF_INPUT) leave();
    else if (key === INTERRUPT) interrupt();
    else if (key === BACKSPACE) erase();
    else type(key);
  };

  webSocket.on('message', (data) => {
    const frame = bytesOf(data);
    if (frame[0] === channels.close && !isOver) leave();
    if (frame[0] !== channels.stdin) return;
    for (const key of frame.subarray(1).toString()) if (!isOver) press(key);
  });
  print(prompt);
}

function bytesOf(data: Buffer | ArrayBuffer | Buffer[]): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
