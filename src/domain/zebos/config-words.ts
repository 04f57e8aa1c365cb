/** First words of configuration lines: what begins with one of them is no piece of a wrapped secret. */
export const CONFIG_WORDS: ReadonlySet<string> = new Set(
  `! access-list address-family aggregate-address area auto-summary banner bfd bgp bridge building current debug
  description distance enable end exec-timeout exit exit-address-family exit-af exit-vrf feature frr hostname interface
  ip ipv4 ipv6 key line log logging login lldp max-paths maximum-paths mpls neighbor network no ntp nssa password
  passive-interface prefix-list privilege qos redistribute route-map router router-id rpki security segment-routing
  send-lifetime accept-lifetime service set match snmp-server spanning-tree synchronization table timers username vlan
  vrf vty zebra`.split(/\s+/),
);

/** What may follow `neighbor X` in a configuration without a secret behind it (ZebOS, OcNOS, Quagga, FRR). */
export const NEIGHBOR_WORDS: ReadonlySet<string> = new Set(
  `activate addpath-rx-paths-limit addpath-tx-all-paths addpath-tx-best-selected addpath-tx-bestpath-per-as
  additional-paths advertise advertise-map advertisement-interval aigp allow-ebgp-vpn allowas-in as-loop-detection
  as-origination-interval as-override attribute-unchanged bfd capability collide-established connection-retry-time
  damp default-originate description disable-addpath-rx disable-connected-check disallow-infinite-holdtime
  disallow-hold-time distribute-list dont-capability-negotiate ebgp-multihop encapsulation-type enforce-first-as
  enforce-multihop extended-link-bandwidth extended-optional-parameters fall-over fallover filter-list graceful-restart
  graceful-restart-disable graceful-restart-helper graceful-shutdown interface ip-transparent link-bandwidth local-as
  local-role maximum-prefix maximum-prefix-out next-hop-peer next-hop-self next-hop-unchanged oad optional-as
  override-capability passive path-attribute peer-group port prefix-list remote-as remove-private-as
  remove-private-AS restart-time route-map route-reflector-client route-server-client rpki send-community
  send-label sender-as-path-loop-detection shutdown site-of-origin soft-reconfiguration soo solo strict-capability-match tcp-mss
  timers transparent-as transparent-nexthop transport ttl-security unsuppress-map update-source version weight
  allow-ebgp-vpn g-shut local-preference nexthop-local send-nexthop-characteristics`.split(/\s+/),
);
