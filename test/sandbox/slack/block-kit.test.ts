import { describe, expect, test } from '@jest/globals';
import { validateBlocks } from '../../../sandbox/src/slack/block-kit/validate-blocks.ts';
import { validateView } from '../../../sandbox/src/slack/block-kit/validate-view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const button = (extra: object = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...extra });
const section = (text = 'x') => ({ type: 'section', text: mrkdwn(text) });
const option = (value: string) => ({ text: plain(value), value });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const many = <T>(count: number, item: (index: number) => T) =>
  Array.from({ length: count }, (_, index) => item(index));

const taken: [string, object[]][] = [
  ['nothing at all', []],
  ['fifty blocks', many(50, () => section())],
  ['a section of 3000 characters', [section('x'.repeat(3000))]],
  ['3000 characters that need two UTF-16 units each', [section('\u{1F642}'.repeat(3000))]],
  ['ten fields', [{ type: 'section', fields: many(10, () => mrkdwn('x'.repeat(2000))) }]],
  ['a header of 150 characters', [{ type: 'header', text: plain('x'.repeat(150)) }]],
  ['25 buttons', [actions(...many(25, (index) => button({ action_id: `a${index}` })))]],
  ['a value of 2000 characters', [actions(button({ value: 'x'.repeat(2000) }))]],
  [
    'a menu of 100 options',
    [actions({ type: 'static_select', action_id: 's', options: many(100, (i) => option(`${i}`)) })],
  ],
  [
    'preformatted text',
    [rich({ type: 'rich_text_preformatted', elements: [{ type: 'text', text: 'a\nb' }] })],
  ],
  [
    'a table',
    [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }], [{ type: 'raw_text', text: 'b' }]] }],
  ],
  [
    'a confirmation',
    [actions(button({ confirm: { title: plain('Sure?'), text: mrkdwn('*x*'), confirm: plain('Yes') } }))],
  ],
];

test.each(taken)('a message may hold %s', (_, blocks) => {
  expect(validateBlocks(blocks, 'message')).toEqual([]);
});

const refused: [string, object[], string, string][] = [
  ['51 blocks', many(51, () => section()), '', 'no more than 50 items allowed'],
  ['an unknown block', [{ type: 'bogus' }], '/0/type', 'unsupported type: bogus'],
  [
    'a property that is not known',
    [{ ...section(), colour: 'red' }],
    '/0',
    'invalid additional property: colour',
  ],
  ['a section without anything', [{ type: 'section' }], '/0', 'must provide text or fields'],
  [
    'a section of 3001 characters',
    [section('x'.repeat(3001))],
    '/0/text/text',
    'must be less than 3001 characters',
  ],
  ['an empty text', [section('')], '/0/text/text', 'must be more than 0 characters'],
  [
    'eleven fields',
    [{ type: 'section', fields: many(11, () => mrkdwn('x')) }],
    '/0/fields',
    'no more than 10 items',
  ],
  [
    'a field of 2001',
    [{ type: 'section', fields: [mrkdwn('x'.repeat(2001))] }],
    '/0/fields/0/text',
    'less than 2001',
  ],
  ['a header of 151', [{ type: 'header', text: plain('x'.repeat(151)) }], '/0/text/text', 'less than 151'],
  [
    'mrkdwn in a header',
    [{ type: 'header', text: mrkdwn('x') }],
    '/0/text/type',
    'must be one of: plain_text',
  ],
  [
    'eleven context elements',
    [{ type: 'context', elements: many(11, () => mrkdwn('x')) }],
    '/0/elements',
    'no more than 10',
  ],
  [
    'a button in a context',
    [{ type: 'context', elements: [button()] }],
    '/0/elements/0/type',
    'unsupported type: button',
  ],
  [
    '26 buttons',
    [actions(...many(26, (index) => button({ action_id: `a${index}` })))],
    '/0/elements',
    'no more than 25',
  ],
  ['no buttons', [actions()], '/0/elements', 'no less than 1 items'],
  [
    'a label of 76',
    [actions(button({ text: plain('x'.repeat(76)) }))],
    '/0/elements/0/text/text',
    'less than 76',
  ],
  [
    'a value of 2001',
    [actions(button({ value: 'x'.repeat(2001) }))],
    '/0/elements/0/value',
    'less than 2001',
  ],
  [
    'a blue button',
    [actions(button({ style: 'blue' }))],
    '/0/elements/0/style',
    'must be one of: primary, danger',
  ],
  [
    'a button without text',
    [actions({ type: 'button', action_id: 'a' })],
    '/0/elements/0',
    'missing required field: text',
  ],
  ['the same action twice', [actions(button(), button())], '/0/elements/1/action_id', 'already exists: a'],
  [
    'the same block twice',
    [
      { ...section(), block_id: 'b' },
      { ...section(), block_id: 'b' },
    ],
    '/1/block_id',
    'already exists: b',
  ],
  ['a block_id of 256', [{ ...section(), block_id: 'x'.repeat(256) }], '/0/block_id', 'less than 256'],
  [
    'an input',
    [{ type: 'input', label: plain('x'), element: { type: 'plain_text_input' } }],
    '/0/type',
    'unsupported type: input',
  ],
  [
    'six overflow options',
    [actions({ type: 'overflow', options: many(6, (i) => option(`${i}`)) })],
    '/0/elements/0/options',
    'no more than 5',
  ],
  [
    'a menu without options',
    [actions({ type: 'static_select' })],
    '/0/elements/0',
    'either options or option_groups',
  ],
  [
    'an option value of 151',
    [actions({ type: 'static_select', options: [{ text: plain('x'), value: 'x'.repeat(151) }] })],
    '/0/elements/0/options/0/value',
    'less than 151',
  ],
  [
    'a confirmation of 301',
    [actions(button({ confirm: { text: plain('x'.repeat(301)) } }))],
    '/0/elements/0/confirm/text/text',
    'less than 301',
  ],
  [
    'an image from two places',
    [{ type: 'image', alt_text: 'x', image_url: 'https://x/y', slack_file: { id: 'F1' } }],
    '/0',
    'either image_url or slack_file',
  ],
  ['no object', [['x']], '/0', 'must provide an object'],
];

test.each(refused)('a message must not hold %s, and the fault says where', (_, blocks, pointer, message) => {
  const faults = validateBlocks(blocks, 'message');
  expect(faults).toContainEqual(
    expect.objectContaining({ pointer, message: expect.stringContaining(message) }),
  );
});

test('markdown blocks share 12 000 characters', () => {
  const half = { type: 'markdown', text: 'x'.repeat(6001) };
  expect(validateBlocks([half], 'message')).toEqual([]);
  expect(validateBlocks([half, half], 'message')).toHaveLength(1);
});

describe('a modal', () => {
  const input = {
    type: 'input',
    block_id: 'i',
    label: plain('Why'),
    element: { type: 'plain_text_input', action_id: 'a' },
  };
  const modal = (extra: object = {}) => ({
    type: 'modal',
    title: plain('T'),
    submit: plain('S'),
    blocks: [input],
    ...extra,
  });

  test('may ask', () => {
    expect(validateView(modal())).toEqual([]);
  });

  test.each([
    ['asks without a submit button', modal({ submit: undefined }), '/submit'],
    ['has a title of 25 characters', modal({ title: plain('x'.repeat(25)) }), '/title/text'],
    ['has no block', modal({ blocks: [] }), '/blocks'],
    ['has 101 blocks', modal({ blocks: many(101, () => section()) }), '/blocks'],
    [
      'holds a table',
      modal({ blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'a' }]] }] }),
      '/blocks/0/type',
    ],
    ['remembers 3001 characters', modal({ private_metadata: 'x'.repeat(3001) }), '/private_metadata'],
    ['is of an unknown type', { ...modal(), type: 'window' }, '/type'],
  ])('is refused when it %s', (_, view, pointer) => {
    expect(validateView(view).map((fault) => fault.pointer)).toContain(pointer);
  });
});

function rich(...elements: object[]) {
  return { type: 'rich_text', elements };
}
