import { Writable } from 'node:stream';
import { Exec, type KubeConfig, type V1Status } from '@kubernetes/client-node';

export interface ExecTarget {
  namespace: string;
  name: string;
  container: string;
}

/** Runs a command in a container as any client would, and waits for its status and for the end. */
export async function execIn(
  kubeConfig: KubeConfig,
  { namespace, name, container }: ExecTarget,
  command: string[],
): Promise<{ stdout: string; stderr: string; status: V1Status | undefined }> {
  const stdout = collector();
  const stderr = collector();
  let status: V1Status | undefined;
  const exec = new Exec(kubeConfig);
  const keep = (ended: V1Status): void => {
    status = ended;
  };
  const { stream: out } = stdout;
  const socket = await exec.exec(namespace, name, container, command, out, stderr.stream, null, false, keep);
  await new Promise<void>((resolve) => {
    socket.onclose = () => resolve();
  });
  return { stdout: stdout.text(), stderr: stderr.text(), status };
}

function collector(): { stream: Writable; text: () => string } {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  return { stream, text: () => Buffer.concat(chunks).toString() };
}
