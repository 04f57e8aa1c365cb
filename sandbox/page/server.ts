/** How the page asks the sandbox and hears of changes. Paths are those of the control API, below `/_control/`. */

export interface Change {
  readonly changed: 'messages' | 'views' | 'workspace' | 'world';
  /** Of the channel or the user; for `world`, empty. */
  readonly id: string;
}

export async function ask<Answer>(path: string): Promise<Answer> {
  return (await fetch(`/_control/${path}`)).json();
}

export async function tell<Answer = { readonly ok: boolean; readonly error?: string }>(
  path: string,
  body: object,
): Promise<Answer> {
  const response = await fetch(`/_control/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
}

/** Calls back for each change; `onOpen` also after a connection was lost, when everything has to be read anew. */
export function listen(listener: {
  readonly onOpen: () => void;
  readonly onLost: () => void;
  readonly onChange: (change: Change) => void;
}): void {
  const events = new EventSource('/_control/events');
  events.onopen = listener.onOpen;
  events.onerror = listener.onLost;
  events.onmessage = ({ data }) => listener.onChange(JSON.parse(data));
}
