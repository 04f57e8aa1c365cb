/**
 * The one write (invariant 2): state and record together, or neither. Redis 6.2 and later, Redis Cluster (one slot).
 *
 * KEYS: head, records, change, recent, lease, freezes. ARGV: expected seq, expected hash, record, new seq, new hash,
 * change JSON or '', expected version, created at (ms), change id, fencing token or '', target frozen or '', its freeze
 * as JSON or '' when it is lifted.
 * Answers {'appended'}, {'head', seq, hash}, {'version'} or {'fence'}.
 */
export const APPEND_SCRIPT = `
local head = redis.call('HMGET', KEYS[1], 'seq', 'hash')
local seq = head[1] or '0'
local hash = head[2] or ''
if hash == ARGV[5] then return {'appended'} end
if ARGV[10] ~= '' then
  local lease = redis.call('GET', KEYS[5])
  if not lease or string.match(lease, '^(%d+) ') ~= ARGV[10] then return {'fence'} end
end
if ARGV[6] ~= '' then
  local version = redis.call('HGET', KEYS[3], 'version') or '0'
  if version ~= ARGV[7] then return {'version'} end
end
if seq ~= ARGV[1] or (hash ~= '' and hash ~= ARGV[2]) then return {'head', seq, hash} end
if ARGV[6] ~= '' then
  redis.call('HSET', KEYS[3], 'version', tostring(tonumber(ARGV[7]) + 1), 'state', ARGV[6])
  redis.call('ZADD', KEYS[4], ARGV[8], ARGV[9])
end
if ARGV[11] ~= '' then
  if ARGV[12] == '' then redis.call('HDEL', KEYS[6], ARGV[11])
  else redis.call('HSET', KEYS[6], ARGV[11], ARGV[12]) end
end
redis.call('XADD', KEYS[2], ARGV[4] .. '-0', 'record', ARGV[3])
redis.call('HSET', KEYS[1], 'seq', ARGV[4], 'hash', ARGV[5])
return {'appended'}
`;
