import type { FieldOf } from './block-types.ts';
import type { Entry } from './entries.ts';
import type { FieldProps } from './field-props.ts';

type TimeElement = FieldOf<'datepicker' | 'timepicker' | 'datetimepicker'>;

/** Days, hours, or both, by the browser's own pickers. */
export function TimeField({ element, entry, choose, control }: FieldProps<TimeElement>) {
  const { type, key } = KINDS[element.type];
  return (
    <input
      {...control}
      class="field"
      type={type}
      value={shownValue(element.type, entry.value[key])}
      onChange={({ currentTarget: { value } }) => choose(entered(element.type, value))}
    />
  );
}

const KINDS = {
  datepicker: { type: 'date', key: 'selected_date' },
  timepicker: { type: 'time', key: 'selected_time' },
  datetimepicker: { type: 'datetime-local', key: 'selected_date_time' },
} as const;

function shownValue(type: TimeElement['type'], value: unknown): string {
  if (type !== 'datetimepicker') return String(value ?? '');
  if (typeof value !== 'number') return '';
  const at = new Date(value * 1000);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

function entered(type: TimeElement['type'], value: string): Entry {
  const { key } = KINDS[type];
  if (value === '') return { [key]: null };
  return { [key]: type === 'datetimepicker' ? Math.floor(new Date(value).getTime() / 1000) : value };
}
