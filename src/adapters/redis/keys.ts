/** Every key of a deployment, including BullMQ's. They share one hash tag, so that Redis Cluster keeps them in one slot. */
export interface Keys {
  readonly prefix: string;
  readonly counter: string;
  readonly head: string;
  readonly records: string;
  /** The known loss of records, until an operator accepts it. */
  readonly lost: string;
  /** Number of the record by which an operator accepted the newest loss. */
  readonly accepted: string;
  /** The last marker of a replica; a store that was rolled back does not have it. */
  pulse(replica: string): string;
  readonly recent: string;
  change(id: string): string;
  lease(scope: string): string;
  readonly fences: string;
  readonly freezes: string;
  readonly holders: string;
  seen(key: string): string;
  query(id: string): string;
  cardLocation(change: string): string;
  drift(target: string): string;
  rateLimit(ofPerson: string): string;
  /** Refusals by kind, the ends of their minutes, and sums without a record yet. */
  readonly refusals: string;
  readonly refusalsDue: string;
  readonly refusalSums: string;
  /** The bot's team, as last read from Slack. */
  readonly team: string;
  /** People who viewed the Home tab, by time. */
  readonly homeViewers: string;
  /** Written by a replica to check whether Redis accepts writes. */
  probe(replica: string): string;
}

/** Two deployments on one Redis have different keys, so that neither runs the jobs of the other. */
export function redisKeys(deployment = 'tor-bgp-bot'): Keys {
  const prefix = `{${deployment}}`;
  return {
    prefix,
    counter: `${prefix}:counter`,
    head: `${prefix}:head`,
    records: `${prefix}:records`,
    lost: `${prefix}:lost`,
    accepted: `${prefix}:accepted`,
    pulse: (replica) => `${prefix}:pulse:${replica}`,
    recent: `${prefix}:recent`,
    change: (id) => `${prefix}:change:${id}`,
    lease: (scope) => `${prefix}:lease:${scope}`,
    fences: `${prefix}:fences`,
    freezes: `${prefix}:freezes`,
    holders: `${prefix}:holders`,
    seen: (key) => `${prefix}:seen:${key}`,
    query: (id) => `${prefix}:question:${id}`,
    cardLocation: (change) => `${prefix}:card:${change}`,
    drift: (target) => `${prefix}:drift:${target}`,
    rateLimit: (ofPerson) => `${prefix}:budget:${ofPerson}`,
    refusals: `${prefix}:refusals`,
    refusalsDue: `${prefix}:refusals-due`,
    refusalSums: `${prefix}:refusal-sums`,
    team: `${prefix}:team`,
    homeViewers: `${prefix}:home-viewers`,
    probe: (replica) => `${prefix}:probe:${replica}`,
  };
}
