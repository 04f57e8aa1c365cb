import { WebSocket } from 'ws';

export interface Exec {
  protocol: string;
  stdout: string;
  stderr: string;
  status: { status?: string; message?: string; reason?: string; details?: { causes?: object[] } };
}

/** Speaks to the kubelet's own port, as an API server does. `input` is typed as soon as it is open. */
export async function execDirectly(
  port: number,
  target: string,
  command: readonly string[],
  { protocols = ['v5.channel.k8s.io', 'v4.channel.k8s.io'], input = '' } = {},
): Promise<Exec> {
  const query = new URLSearchParams(command.map((word): [string, string] => ['command', word]));
  query.set('output', '1');
  if (input !== '') query.set('input', '1');
  const socket = new WebSocket(`ws://127.0.0.1:${port}/exec/${target}?${query}`, protocols);
  const channels = new Map<number, string>();
  return await new Promise((resolve, reject) => {
    socket.on('open', () => input !== '' && socket.send(Buffer.from(`\0${input}`)));
    socket.on('message', (data: Buffer) => {
      const channel = data[0] ?? -1;
      channels.set(channel, (channels.get(channel) ?? '') + data.subarray(1).toString());
    });
    socket.on('unexpected-response', (_request, response) => {
      reject(new Error(`exec refused: ${response.statusCode}`));
      response.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () =>
      resolve({
        protocol: socket.protocol,
        stdout: channels.get(1) ?? '',
        stderr: channels.get(2) ?? '',
        status: JSON.parse(channels.get(3) ?? '{}'),
      }),
    );
  });
}
