import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { eventually } from '../sandbox/zebos/eventually.ts';
import { ALICE, CHANGES, type Story, startStory } from './story.ts';

const fileSchema = z.object({
  name: z.string(),
  mimetype: z.string(),
  alt_txt: z.string(),
  size: z.number(),
  url_private: z.string(),
});

describe('a map of the network', () => {
  let story: Story;
  beforeAll(async () => {
    story = await startStory();
    await eventually(async () => expect(await story.ask(ALICE, 'verify')).toContain('all 17 checks passed'));
  });
  afterAll(() => story?.stop());

  test('comes as a picture to whoever asked, alone, with a text for those who do not see it', async () => {
    const told = await story.ask(ALICE, 'map');
    expect(told).toContain('5 nodes, 3 TMM pods, 6 of 6 sessions Established.');
    expect(told).toContain('The picture is the file map-rack.png: it comes by direct message.');
    const file = await picture(`D${ALICE.slice(1)}`);
    expect(file.alt_txt).toBe('5 nodes, 3 TMM pods, 6 of 6 sessions Established');
    expect(JSON.stringify(story.slack.control.messages(CHANGES))).not.toContain(file.url_private);
    const png = Buffer.from(await (await fetch(file.url_private)).arrayBuffer());
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.length).toBe(file.size);
  });

  test('shows a router that does not answer, to the channel with --public', async () => {
    story.routers.set('10.20.3.2', false);
    await eventually(async () =>
      expect(await story.ask(ALICE, 'show worker3.rack.example.com')).toMatch(
        /10\.20\.3\.2 +(Connect|Active|Idle)/,
      ),
    );
    await story.slack.control.command({
      channel: CHANGES,
      user: ALICE,
      command: '/bgp',
      text: 'map --public',
    });
    expect((await picture(CHANGES)).alt_txt).toMatch(
      /^5 nodes, 3 TMM pods, 5 of 6 sessions Established; worker3: 10\.20\.3\.2 (Connect|Active|Idle)/,
    );
    story.routers.set('10.20.3.2', true);
  });

  test('is told as text where Slack takes no files, with what to do about it', async () => {
    story.slack.control.fault({ method: 'files.getUploadURLExternal', times: 1, error: 'missing_scope' });
    const before = story.slack.control.messages(CHANGES).length;
    await story.slack.control.command({ channel: CHANGES, user: ALICE, command: '/bgp', text: 'map' });
    await eventually(() => {
      const told = JSON.stringify(story.slack.control.messages(CHANGES).slice(before));
      expect(told).toContain('5 nodes, 3 TMM pods');
      expect(told).toContain('could not be uploaded (Slack says missing_scope). As text: show.');
      expect(told).toContain('files:write');
    });
  });

  test('of before and after stands in the thread of a rotation that is done', async () => {
    const card = await story.propose(ALICE, 'rotate worker1.rack.example.com 10.20.1.9');
    await story.carryOut(card, '✅ succeeded', 60_000);
    const file = await picture(CHANGES, 'bgp-1-before-and-after.png');
    expect(file.alt_txt).toBe(
      'BGP-1, before: 1 node, 1 TMM pod, 2 of 2 sessions Established; after: 1 node, 1 TMM pod, 2 of 2 sessions Established',
    );
    const told = story.slack.control
      .messages(CHANGES)
      .find((message) => JSON.stringify(message).includes(file.name));
    expect(told?.thread_ts).toBe(card.ts);
  });

  /** The last picture in a channel. */
  async function picture(channel: string, name = 'map-rack.png'): Promise<z.infer<typeof fileSchema>> {
    return eventually(() => {
      const files = story.slack.control
        .messages(channel)
        .flatMap((message) => ('files' in message && Array.isArray(message.files) ? message.files : []));
      const last: unknown = files.at(-1);
      const file = fileSchema.parse(last);
      expect(file).toMatchObject({ name, mimetype: 'image/png' });
      return file;
    });
  }
});
