import { createServer } from 'node:http';
import { expect, test } from '@jest/globals';
import { isValidSlackRequest } from '@slack/bolt';
import { startHttpApp } from './app-under-test.ts';
import { ALICE, CHANGES, openSlack, SIGNING_SECRET, stopAfter, until } from './slack-under-test.ts';

const typed = { channel: CHANGES, user: ALICE, command: '/bgp', text: 'show' };

test('Bolt turns away what is signed with another secret', async () => {
  const slack = await openSlack();
  await startHttpApp(slack, (app) => app.command('/bgp', async ({ ack }) => ack()), 'another-secret');
  expect(await slack.control.command(typed)).toMatchObject({ ok: false, error: 'dispatch_failed' });
  expect(slack.control.log()).toContainEqual(
    expect.objectContaining({ kind: 'envelope', via: 'http', detail: 'status 401' }),
  );
});

test('the signature and the content type are what Bolt wants, to the letter', async () => {
  const slack = await openSlack();
  const app = await startReceiver(slack, () => [200, '']);
  await slack.control.command(typed);
  const request = app.requests[0];
  expect(request?.headers['content-type']).toBe('application/x-www-form-urlencoded');
  const valid = (secret: string) =>
    isValidSlackRequest({
      signingSecret: secret,
      body: request?.body ?? '',
      headers: {
        'x-slack-signature': String(request?.headers['x-slack-signature']),
        'x-slack-request-timestamp': Number(request?.headers['x-slack-request-timestamp']),
      },
    });
  expect([valid(SIGNING_SECRET), valid('another')]).toEqual([true, false]);
});

test('a text in the answer is shown to who asked, and an error status fails the command', async () => {
  const slack = await openSlack();
  const answers: [number, string][] = [
    [200, 'plain words'],
    [500, 'oops'],
    [200, '{"text":"all","response_type":"in_channel"}'],
  ];
  await startReceiver(slack, () => answers.shift() ?? [200, '']);
  expect(await slack.control.command(typed)).toMatchObject({ ok: true });
  expect(await slack.control.command(typed)).toMatchObject({ ok: false, error: 'dispatch_failed' });
  expect(await slack.control.command(typed)).toMatchObject({ ok: true });
  expect(slack.control.messages(CHANGES)).toMatchObject([
    { text: 'plain words', ephemeral_to: ALICE },
    { text: '/bgp failed with the error "dispatch_failed"', ephemeral_to: ALICE },
    { text: 'all' },
  ]);
});

test('an event that is not acknowledged comes again, and says that it does', async () => {
  const slack = await openSlack({ retryDelaysMs: [0, 0] });
  const answers: [number, string][] = [
    [500, ''],
    [503, ''],
    [200, ''],
  ];
  const app = await startReceiver(slack, () => answers.shift() ?? [200, '']);
  const outcome = await slack.control.event({ type: 'app_home_opened', user: ALICE });
  expect(outcome).toMatchObject({ ok: false });
  await until(() => app.requests.length === 3);
  const numbers = app.requests.map((request) => request.headers['x-slack-retry-num']);
  expect(numbers).toEqual([undefined, '1', '2']);
  expect(app.requests[2]?.headers['x-slack-retry-reason']).toBe('http_error');
  const ids = app.requests.map((request) => JSON.parse(request.body).event_id);
  expect(new Set(ids)).toEqual(new Set([outcome.event_id]));
});

test('without the request URL the socket is used again', async () => {
  const slack = await openSlack();
  const app = await startReceiver(slack, () => [200, '']);
  slack.control.setApp({ requestUrl: null });
  expect(await slack.control.command(typed)).toMatchObject({ error: 'dispatch_failed' });
  expect(app.requests).toEqual([]);
});

interface Received {
  readonly headers: Record<string, unknown>;
  readonly body: string;
}

async function startReceiver(slack: Awaited<ReturnType<typeof openSlack>>, answer: () => [number, string]) {
  const requests: Received[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    requests.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    const [status, body] = answer();
    response.writeHead(status).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  stopAfter(async () => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  slack.control.setApp({ requestUrl: `http://127.0.0.1:${port}/slack/events` });
  return { requests };
}
