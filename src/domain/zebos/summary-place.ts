/** Of which VRF the next table is; undefined for the default one. */
export interface Place {
  readonly vrf?: string;
  /** Whether FRR's `Instance red:` said so, below which the captions of families name no VRF. */
  readonly ofInstance?: boolean;
  /** Whether the line of a router id said so: the next one begins another summary. */
  readonly ofRouterId?: boolean;
}

/** FRR's `IPv4 Unicast Summary (VRF red):`, `Instance red:`, and the VRF at the end of its router id's line. */
export function placeAfter(text: string, place: Place): Place {
  const caption = text.slice(0, LONGEST_CAPTION).toLowerCase();
  const [, instance] = /^instance (\S+):$/.exec(caption) ?? [];
  if (instance !== undefined) return { ...inVrf(instance), ofInstance: true };
  const [, router, name, id] = ROUTER_ID.exec(caption) ?? [];
  if (router !== undefined) {
    if (name !== undefined) return { ...inVrf(name), ofRouterId: true };
    const before = place.ofRouterId === true ? {} : place;
    return before.vrf === undefined && Number(id ?? 0) > 0
      ? { vrf: `vrf-id ${id}`, ofRouterId: true }
      : before;
  }
  const [, heading] = VRF_HEADING.exec(caption) ?? [];
  if (heading !== undefined) return inVrf(heading);
  if (!caption.endsWith(':') || !caption.includes(' summary')) return place;
  const at = caption.indexOf('(vrf ');
  if (at === -1) return place.ofInstance === true ? place : {};
  return inVrf(caption.slice(at + 5).split(')', 1)[0] ?? '');
}

function inVrf(name: string): Place {
  return name === '' || name === 'default' ? {} : { vrf: name };
}

const ROUTER_ID = /^(bgp router identifier) \S+, local as number \S+(?: vrf (\S+))?(?: vrf-id (-?\d{1,9}))?$/;

/** `VRF: red`, `VRF red`, `BGP summary information for VRF red, address family IPv4 Unicast`. */
const VRF_HEADING = /^(?:bgp summary information for )?vrf(?: name)?[ :]{1,3}\(?([\w.-]+)/;

const LONGEST_CAPTION = 300;
