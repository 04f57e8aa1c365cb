import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { kubernetesObjectSchema } from '../kubernetes-object.ts';
import { resource } from '../resource.ts';
import { type Cause, forbiddenField, invalidValue } from '../status-error.ts';

const texts = z.record(z.string(), z.string()).optional();
const configMapSchema = kubernetesObjectSchema.extend({
  data: texts,
  binaryData: texts,
  stringData: texts,
  immutable: z.boolean().optional(),
});
type ConfigMap = z.infer<typeof configMapSchema>;

/** kubernetes/kubernetes pkg/apis/core: MaxSecretSize, for both kinds. */
const MAX_BYTES = 1024 * 1024;
const MAX_KEY_LENGTH = 253;
const KEY = /^[-._a-zA-Z0-9]+$/;
const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";
const FROZEN = 'field is immutable when `immutable` is set';

export const configMaps = resource({
  group: '',
  versions: ['v1'],
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  schema: configMapSchema,
  faults: faultsOf,
  columns: [
    {
      name: 'Data',
      cell: (object) => {
        const { data, binaryData } = configMapSchema.parse(object);
        return Object.keys(data ?? {}).length + Object.keys(binaryData ?? {}).length;
      },
    },
  ],
});

export const secrets = resource({
  group: '',
  versions: ['v1'],
  kind: 'Secret',
  plural: 'secrets',
  selectableFields: ['type'],
  schema: configMapSchema.extend({ type: z.string().default('Opaque') }),
  prepare(object) {
    const { data, stringData } = configMapSchema.parse(object);
    delete object.stringData;
    const plain = Object.entries(stringData ?? {}).map(([key, value]) => [
      key,
      Buffer.from(value).toString('base64'),
    ]);
    if (data !== undefined || plain.length > 0) object.data = { ...data, ...Object.fromEntries(plain) };
  },
  faults: faultsOf,
  columns: [
    { name: 'Type', cell: ({ type }) => String(type) },
    { name: 'Data', cell: (object) => Object.keys(configMapSchema.parse(object).data ?? {}).length },
  ],
});

function faultsOf(object: object, previous: object | undefined): Cause[] {
  const map = configMapSchema.parse(object);
  const before = previous && configMapSchema.parse(previous);
  return [...keyFaults(map), ...sizeFaults(map), ...(before?.immutable ? frozenFaults(map, before) : [])];
}

function keyFaults({ data = {}, binaryData = {} }: ConfigMap): Cause[] {
  const faultsIn = (field: string, values: object) =>
    Object.keys(values).flatMap((key) => [
      ...(key.length > MAX_KEY_LENGTH
        ? [invalidValue(`${field}[${key}]`, key, `must be no more than ${MAX_KEY_LENGTH} characters`)]
        : []),
      ...(KEY.test(key) ? [] : [invalidValue(`${field}[${key}]`, key, KEY_RULE)]),
      ...(key === '.' || key === '..' ? [invalidValue(`${field}[${key}]`, key, `must not be '${key}'`)] : []),
    ]);
  const twice = Object.keys(data)
    .filter((key) => key in binaryData)
    .map((key) => invalidValue(`data[${key}]`, key, 'duplicate of key present in binaryData'));
  return [...faultsIn('data', data), ...twice, ...faultsIn('binaryData', binaryData)];
}

function sizeFaults({ data = {}, binaryData = {} }: ConfigMap): Cause[] {
  const plain = Object.values(data).reduce((bytes, value) => bytes + Buffer.byteLength(value), 0);
  const binary = Object.values(binaryData).reduce(
    (bytes, value) => bytes + Buffer.byteLength(value, 'base64'),
    0,
  );
  if (plain + binary <= MAX_BYTES) return [];
  const message = `Too long: must have at most ${MAX_BYTES} bytes`;
  return [{ reason: 'FieldValueTooLong', message, field: '[]' }];
}

function frozenFaults(map: ConfigMap, before: ConfigMap): Cause[] {
  return [
    ...(map.immutable ? [] : [forbiddenField('immutable', FROZEN)]),
    ...(isDeepStrictEqual(map.data ?? {}, before.data ?? {}) ? [] : [forbiddenField('data', FROZEN)]),
    ...(isDeepStrictEqual(map.binaryData ?? {}, before.binaryData ?? {})
      ? []
      : [forbiddenField('binaryData', FROZEN)]),
  ];
}
