/** One answer: a body, or a stream of lines that ends when the client goes; `stream` returns how to stop it. */
export type Answer =
  | { readonly status: number; readonly body: object | string }
  | { readonly stream: (write: (line: string) => void, end: () => void) => () => void };

export interface Request {
  readonly method: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  /** The raw body, for patches. */
  readonly text: string;
  readonly userAgent: string;
  /** The body as JSON or YAML; undefined when there is none. */
  body(): unknown;
  /** Aborts when the server ends. */
  readonly closing: AbortSignal;
}
