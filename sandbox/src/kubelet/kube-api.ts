import { Agent, type Dispatcher, request } from 'undici';

/** Where a Kubernetes API is, and as whom to speak to it. */
export interface KubeApiAddress {
  url: string;
  token?: string | undefined;
  /** Accept a certificate that nobody vouches for. */
  insecure?: boolean | undefined;
}

/** The little of the Kubernetes API that a kubelet needs: JSON in, JSON out. */
export interface KubeApi {
  /** Resolves to the answer's body; rejects with KubeApiError for any status from 400 on. */
  call(method: Method, path: string, body?: object): Promise<unknown>;
  /** The JSON lines of a watch, until the server ends it or `signal` aborts. */
  watch(path: string, signal: AbortSignal): AsyncGenerator<unknown>;
  close(): Promise<void>;
}

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export class KubeApiError extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const CALL_TIMEOUT_MS = 30_000;
/** Longer than any watch is asked to last, so that only a dead connection meets it. */
const WATCH_SILENCE_MS = 330_000;

export function connectKubeApi({ url, token, insecure = false }: KubeApiAddress): KubeApi {
  const dispatcher: Dispatcher = new Agent({ connect: { rejectUnauthorized: !insecure } });
  const base = url.replace(/\/+$/, '');
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    async call(method, path, body) {
      const answer = await request(base + path, {
        method,
        dispatcher,
        headers: { ...headers, accept: 'application/json', ...contentType(method, body) },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(CALL_TIMEOUT_MS),
      });
      const text = await answer.body.text();
      if (answer.statusCode >= 400) {
        throw new KubeApiError(
          answer.statusCode,
          `${method} ${path}: ${answer.statusCode} ${text.slice(0, 300)}`,
        );
      }
      return text === '' ? undefined : JSON.parse(text);
    },
    async *watch(path, signal) {
      const answer = await request(base + path, {
        dispatcher,
        headers: { ...headers, accept: 'application/json' },
        bodyTimeout: WATCH_SILENCE_MS,
        signal,
      });
      if (answer.statusCode >= 400) {
        await answer.body.dump();
        throw new KubeApiError(answer.statusCode, `watching ${path}: ${answer.statusCode}`);
      }
      yield* jsonLines(answer.body.setEncoding('utf8'));
    },
    close: () => dispatcher.destroy(),
  };
}

/** Whether the API said that there is no such thing (or no longer this one). */
export function isGone(error: unknown): boolean {
  return error instanceof KubeApiError && (error.status === 404 || error.status === 409);
}

function contentType(method: Method, body: object | undefined): Record<string, string> {
  if (body === undefined) return {};
  return { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' };
}

async function* jsonLines(chunks: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  let rest = '';
  for await (const chunk of chunks) {
    const lines = (rest + String(chunk)).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line.trim() !== '') yield JSON.parse(line);
  }
}
