import type { AuditRecord } from '../../domain/audit/record.ts';
import type { Append, Hold } from '../../ports/store.ts';
import type { Redis } from './connect.ts';
import type { Keys } from './keys.ts';
import { storedChange } from './stored-values.ts';
import { type AppendGuard, IS_SAME_STORE } from './trail-end.ts';

/** Appends one record together with the state that it describes; see the script for its replies. */
export async function runAppend(
  redis: Redis,
  keys: Keys,
  append: Append,
  record: AuditRecord,
  guard: AppendGuard,
): Promise<unknown> {
  const { change, fence, freeze, hold } = append;
  const next = change?.next;
  return redis.eval(
    APPEND_SCRIPT,
    9,
    keys.head,
    keys.records,
    keys.change(next?.id ?? 'none'),
    keys.recent,
    keys.lease(fence?.scope ?? 'none'),
    keys.freezes,
    keys.holders,
    keys.lost,
    guard.pulseKey,
    String(record.seq - 1),
    record.prev,
    JSON.stringify(record),
    String(record.seq),
    record.hash,
    next === undefined ? '' : storedChange(next),
    String(change?.expectedVersion ?? 0),
    String(next?.createdAtMs ?? 0),
    next?.id ?? '',
    fence === undefined ? '' : `${fence.token} ${fence.owner}`,
    freeze?.target ?? '',
    freeze === undefined || freeze.next === null ? '' : JSON.stringify(freeze.next),
    hold?.scope ?? '',
    hold?.kind ?? '',
    passedBy(hold),
    guard.atLeast,
    guard.accepted,
  );
}

function passedBy(hold: Hold | undefined): string {
  if (hold?.passes === undefined) return '';
  return hold.passes.kind === 'all' ? '*' : hold.passes.id;
}

/**
 * The one write (invariant 3): state and record together, or neither, wherever the store fails. Redis 6.2 and later, Redis
 * Cluster (one slot).
 * KEYS: head, records, change, recent, lease, freezes, holders, lost, pulse. ARGV: expected seq, expected hash, record, new seq,
 * new hash, change JSON or '', expected version, created at (ms), change id, fencing token and owner or '', target of a freeze or
 * '', the freeze as JSON or '' to lift it, scope to hold or '', take, keep or leave, holder that does not block: '*', an id or
 * '', pulse to find or '', accepted loss or ''.
 * The holders of a scope are ids with spaces between them.
 * Returns {'appended'}, {'head', seq, hash}, {'version'}, {'fence'}, {'held', change id}, {'lost', what} or {'other'}: see
 * `IS_SAME_STORE`.
 */
const APPEND_SCRIPT = `${IS_SAME_STORE}
local head = redis.call('HMGET', KEYS[1], 'seq', 'hash')
local seq = head[1] or '0'
local hash = head[2] or ''
local version = redis.call('HGET', KEYS[3], 'version') or '0'
-- A retry of what was appended already; another replica may have appended the same words about another version.
if hash == ARGV[5] and (ARGV[6] == '' or version == tostring(tonumber(ARGV[7]) + 1)) then return {'appended'} end
local lost = redis.call('GET', KEYS[8])
if lost and lost ~= ARGV[17] then return {'lost', lost} end
if ARGV[16] ~= '' and not isSameStore(KEYS[9], ARGV[16]) then return {'other'} end
if ARGV[10] ~= '' then
  local lease = redis.call('GET', KEYS[5])
  if lease ~= ARGV[10] then return {'fence'} end
end
if ARGV[6] ~= '' and version ~= ARGV[7] then return {'version'} end
local holders = {}
if ARGV[13] ~= '' then
  local joins = ARGV[14] ~= 'leave'
  for id in string.gmatch(redis.call('HGET', KEYS[7], ARGV[13]) or '', '%S+') do
    if id ~= ARGV[9] then
      if ARGV[14] == 'take' and ARGV[15] ~= '*' and ARGV[15] ~= id then return {'held', id} end
      holders[#holders + 1] = id
    elseif joins then
      holders[#holders + 1] = id
      joins = false
    end
  end
  if joins then holders[#holders + 1] = ARGV[9] end
end
if seq ~= ARGV[1] or (hash ~= '' and hash ~= ARGV[2]) then return {'head', seq, hash} end
-- Redis does not undo what a script wrote before it failed. So every key is read before the first one is written, which
-- fails where a key holds another type; and the record goes first, which fails where the stream is ahead of its head.
redis.call('XLEN', KEYS[2])
redis.call('ZCARD', KEYS[4])
redis.call('HLEN', KEYS[6])
redis.call('HLEN', KEYS[7])
redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 'record', ARGV[3])
redis.call('HSET', KEYS[1], 'seq', ARGV[4], 'hash', ARGV[5])
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[3], 'version', tostring(tonumber(ARGV[7]) + 1), 'state', ARGV[6], 'seq', ARGV[4])
  redis.call('ZADD', KEYS[4], ARGV[8], ARGV[9])
end
if ARGV[11] ~= '' then
  if ARGV[12] == '' then redis.call('HDEL', KEYS[6], ARGV[11])
  else redis.call('HSET', KEYS[6], ARGV[11], ARGV[12]) end
end
if ARGV[13] ~= '' then
  if #holders == 0 then redis.call('HDEL', KEYS[7], ARGV[13])
  else redis.call('HSET', KEYS[7], ARGV[13], table.concat(holders, ' ')) end
end
return {'appended'}
`;
