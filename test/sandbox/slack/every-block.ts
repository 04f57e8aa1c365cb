import type { Block } from '../../../sandbox/src/slack/block-kit/validate-blocks.ts';

type BlockOf<Type extends Block['type']> = Extract<Block, { readonly type: Type }>;
type Field = BlockOf<'input'>['element'];

const plain = (text: string) => ({ type: 'plain_text' as const, text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn' as const, text });
const option = (name: string) => ({ text: plain(`option ${name}`), value: name });
const words = (text: string) => ({ type: 'text' as const, text });
const richText = (text: string) => ({
  type: 'rich_text' as const,
  elements: [{ type: 'rich_text_section' as const, elements: [words(text)] }],
});
const picture = { type: 'image' as const, image_url: 'https://example.com/a.png', alt_text: 'a rack' };
const cell = (text: string) => ({ type: 'raw_text' as const, text });
const button = (name: string) => ({ type: 'button' as const, action_id: name, text: plain(`press ${name}`) });

const RICH: BlockOf<'rich_text'> = {
  type: 'rich_text',
  elements: [
    {
      type: 'rich_text_section',
      elements: [
        words('rich '),
        { type: 'text', text: 'styled', style: { bold: true, italic: true, strike: true, underline: true } },
        { type: 'text', text: 'typewriter', style: { code: true } },
        { type: 'link', url: 'https://example.com/', text: 'a link' },
        { type: 'emoji', name: 'white_check_mark' },
        { type: 'user', user_id: 'U02BOB' },
        { type: 'usergroup', usergroup_id: 'S02LEADS' },
        { type: 'channel', channel_id: 'C02AUDIT' },
        { type: 'broadcast', range: 'here' },
        { type: 'date', timestamp: 1_700_000_000, format: '{date_short_pretty}', fallback: 'a day' },
        { type: 'color', value: '#336699' },
        { type: 'team', team_id: 'T01RACK' },
      ],
    },
    {
      type: 'rich_text_list',
      style: 'ordered',
      elements: [{ type: 'rich_text_section', elements: [words('first of a list')] }],
    },
    {
      type: 'rich_text_list',
      style: 'bullet',
      indent: 1,
      elements: [{ type: 'rich_text_section', elements: [words('of a deeper list')] }],
    },
    { type: 'rich_text_quote', elements: [words('quoted richly')] },
    { type: 'rich_text_preformatted', elements: [words('preformatted  richly')] },
  ],
};

/** One block of each type that a message takes, by the text that shows that it was drawn. */
export const MESSAGE_BLOCKS: {
  readonly [Type in Exclude<Block['type'], 'input' | 'alert'>]: readonly [string, BlockOf<Type>];
} = {
  header: ['A header', { type: 'header', text: plain('A header') }],
  section: [
    'field two',
    {
      type: 'section',
      text: mrkdwn(
        '*section* of <@U01ALICE> <!subteam^S02LEADS> <#C02AUDIT> `code` _it_ ~no~\n> quoted\n```block```',
      ),
      fields: [mrkdwn('field one'), plain('field two')],
      accessory: { type: 'overflow', action_id: 'more', options: [option('a'), option('b')] },
    },
  ],
  divider: ['', { type: 'divider' }],
  context: [
    'in context',
    {
      type: 'context',
      elements: [picture, plain('in context'), mrkdwn('<!date^1700000000^{date_num} {time}|then>')],
    },
  ],
  actions: [
    'press go',
    {
      type: 'actions',
      elements: [
        button('go'),
        { ...button('good'), style: 'primary' },
        { ...button('bad'), style: 'danger' },
        { type: 'static_select', action_id: 's1', placeholder: plain('pick'), options: [option('c')] },
        {
          type: 'multi_static_select',
          action_id: 's2',
          placeholder: plain('pick some'),
          options: [option('d')],
        },
        { type: 'users_select', action_id: 's3', placeholder: plain('pick a person') },
        { type: 'checkboxes', action_id: 's4', options: [option('e')] },
        { type: 'radio_buttons', action_id: 's5', options: [option('f')] },
        { type: 'datepicker', action_id: 's6' },
        { type: 'timepicker', action_id: 's7' },
        { type: 'datetimepicker', action_id: 's8' },
      ],
    },
  ],
  image: ['Picture: a rack', { ...picture, title: plain('a title') }],
  rich_text: ['first of a list', RICH],
  table: [
    'table cell',
    { type: 'table', rows: [[cell('head')], [cell('table cell')]], column_settings: [{ align: 'right' }] },
  ],
  data_table: [
    'data cell',
    {
      type: 'data_table',
      caption: 'Data',
      page_size: 1,
      row_header_column_index: 0,
      rows: [[cell('head')], [cell('data cell')], [cell('on page two')]],
    },
  ],
  markdown: [
    'a markdown item',
    {
      type: 'markdown',
      text: '# Title\n\nText **bold** `code` [link](https://example.com/)\n\n- a markdown item\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n```\ncode\n```',
    },
  ],
  plan: [
    'task of a plan',
    {
      type: 'plan',
      title: 'A plan',
      tasks: [{ type: 'task_card', task_id: '1', title: 'task of a plan', status: 'complete' }],
    },
  ],
  task_card: [
    'a lone task',
    {
      type: 'task_card',
      task_id: '2',
      title: 'a lone task',
      status: 'in_progress',
      details: richText('details'),
    },
  ],
  card: [
    'card body',
    { type: 'card', title: mrkdwn('A card'), body: mrkdwn('card body'), actions: [button('in-card')] },
  ],
  carousel: [
    'in the carousel',
    { type: 'carousel', elements: [{ type: 'card', body: mrkdwn('in the carousel') }] },
  ],
  container: [
    'contained',
    {
      type: 'container',
      title: plain('A container'),
      is_collapsible: true,
      child_blocks: [{ type: 'section', text: plain('contained') }],
    },
  ],
  context_actions: [
    'helpful',
    {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'fb',
          positive_button: { text: plain('helpful'), value: 'y' },
          negative_button: { text: plain('not so'), value: 'n' },
        },
      ],
    },
  ],
  video: [
    'A film',
    {
      type: 'video',
      video_url: 'https://example.com/v',
      thumbnail_url: 'https://example.com/t',
      alt_text: 'a film',
      title: plain('A film'),
    },
  ],
};

/** Each type of field, under a label with its name. */
export const FIELDS: { readonly [Type in Field['type']]: Extract<Field, { readonly type: Type }> } = {
  plain_text_input: { type: 'plain_text_input', placeholder: plain('write'), initial_value: 'as written' },
  email_text_input: { type: 'email_text_input' },
  url_text_input: { type: 'url_text_input' },
  number_input: { type: 'number_input', is_decimal_allowed: false },
  file_input: { type: 'file_input' },
  rich_text_input: { type: 'rich_text_input' },
  static_select: {
    type: 'static_select',
    option_groups: [{ label: plain('group'), options: [option('a')] }],
    initial_option: option('a'),
  },
  multi_static_select: {
    type: 'multi_static_select',
    options: [option('a'), option('b')],
    initial_options: [option('a')],
  },
  external_select: { type: 'external_select', min_query_length: 1 },
  multi_external_select: { type: 'multi_external_select', min_query_length: 1 },
  users_select: { type: 'users_select', initial_user: 'U02BOB' },
  multi_users_select: { type: 'multi_users_select', initial_users: ['U02BOB'] },
  conversations_select: { type: 'conversations_select', default_to_current_conversation: true },
  multi_conversations_select: { type: 'multi_conversations_select' },
  channels_select: { type: 'channels_select' },
  multi_channels_select: { type: 'multi_channels_select' },
  checkboxes: { type: 'checkboxes', options: [option('a'), option('b')] },
  radio_buttons: { type: 'radio_buttons', options: [option('a'), option('b')], initial_option: option('b') },
  datepicker: { type: 'datepicker', initial_date: '2026-11-28' },
  timepicker: { type: 'timepicker', initial_time: '23:55' },
  datetimepicker: { type: 'datetimepicker', initial_date_time: 1_700_000_000 },
};

export function everyFieldModal() {
  const inputs = Object.values(FIELDS).map((element) => ({
    type: 'input' as const,
    block_id: element.type,
    label: plain(`Field ${element.type}`),
    hint: plain('a hint'),
    optional: true,
    element: { ...element, action_id: 'field' },
  }));
  const alert = { type: 'alert' as const, level: 'warning' as const, text: plain('an alert') };
  return {
    type: 'modal' as const,
    callback_id: 'every',
    title: plain('Every field'),
    submit: plain('Go'),
    blocks: [alert, ...inputs],
  };
}
