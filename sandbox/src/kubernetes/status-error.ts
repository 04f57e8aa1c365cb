/** One field that is wrong, as a Status lists it under `details.causes`. */
export interface Cause {
  reason: string;
  message: string;
  field: string;
}

interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: readonly Partial<Cause>[];
  retryAfterSeconds?: number;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: object;
  status: 'Failure' | 'Success';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** Thrown wherever a real API server answers with a Status of kind Failure. */
export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.status = status;
  }
}

/** The names by which a Status speaks of an object. */
export interface Named {
  group: string;
  plural: string;
  kind: string;
}

export function failure(code: number, reason: string, message: string, details?: StatusDetails): StatusError {
  return new StatusError({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message,
    reason,
    ...(details === undefined ? {} : { details }),
    code,
  });
}

export function success(details?: StatusDetails, code = 200): Status {
  const base = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' } as const;
  return { ...base, ...(details === undefined ? {} : { details }), code };
}

export function badRequest(message: string): StatusError {
  return failure(400, 'BadRequest', message);
}

export function notFound(resource: Named, name: string): StatusError {
  return failure(404, 'NotFound', `${qualified(resource)} "${name}" not found`, about(resource, name));
}

/** For a path that leads nowhere. */
export function noSuchResource(): StatusError {
  return failure(404, 'NotFound', 'the server could not find the requested resource', {});
}

export function alreadyExists(resource: Named, name: string): StatusError {
  const message = `${qualified(resource)} "${name}" already exists`;
  return failure(409, 'AlreadyExists', message, about(resource, name));
}

export function conflict(resource: Named, name: string, why: string): StatusError {
  const message = `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`;
  return failure(409, 'Conflict', message, about(resource, name));
}

export function forbidden(resource: Named, name: string, why: string): StatusError {
  const message = `${qualified(resource)} "${name}" is forbidden: ${why}`;
  return failure(403, 'Forbidden', message, about(resource, name));
}

export function expired(message: string): StatusError {
  return failure(410, 'Expired', message);
}

export function methodNotAllowed(): StatusError {
  return failure(
    405,
    'MethodNotAllowed',
    'the server does not allow this method on the requested resource',
    {},
  );
}

/** 422 with every field that is wrong. */
export function invalid(resource: Named, name: string, causes: readonly Cause[]): StatusError {
  const kind = resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
  const sentences = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = sentences.length === 1 ? sentences.join('') : `[${sentences.join(', ')}]`;
  const details = { ...about(resource, name), kind: resource.kind, causes };
  return failure(422, 'Invalid', `${kind} "${name}" is invalid: ${list}`, details);
}

export function required(field: string, message = ''): Cause {
  return { reason: 'FieldValueRequired', message: `Required value${message && `: ${message}`}`, field };
}

export function invalidValue(field: string, value: unknown, why: string): Cause {
  return { reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}`, field };
}

export function forbiddenField(field: string, why: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field };
}

function about({ group, plural }: Named, name: string): StatusDetails {
  return { ...(name === '' ? {} : { name }), ...(group === '' ? {} : { group }), kind: plural };
}

function qualified({ group, plural }: Named): string {
  return group === '' ? plural : `${plural}.${group}`;
}
