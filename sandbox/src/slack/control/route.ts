/** A route under /_control/; what it returns is sent as JSON. */
export interface ControlRoute {
  readonly method: 'GET' | 'POST';
  /** The first part of the path after /_control/. */
  readonly name: string;
  handle(request: ControlRequest): unknown;
}

export interface ControlRequest {
  /** What follows the name: `C01` of /_control/messages/C01. */
  readonly rest: string;
  /** The JSON body, or undefined. */
  readonly body: unknown;
}
