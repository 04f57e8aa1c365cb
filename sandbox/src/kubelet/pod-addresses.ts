/** Hands out the pod addresses of one node, 10.244.N.2 to 10.244.N.254; N is the node's number from 1. */
export interface PodAddresses {
  /** An unused address, or `wished` when it is of this node and free. */
  take(wished?: string | null): string;
  giveBack(address: string): void;
}

export function podAddresses(nodeNumber: number): PodAddresses {
  const used = new Set<number>();
  const prefix = `10.244.${nodeNumber}.`;
  let last = 1;
  return {
    take(wished) {
      const host = wished?.startsWith(prefix) ? Number(wished.slice(prefix.length)) : Number.NaN;
      if (Number.isInteger(host) && !used.has(host)) {
        used.add(host);
        return `${prefix}${host}`;
      }
      for (let tries = 0; tries < 253; tries += 1) {
        last = last >= 254 ? 2 : last + 1;
        if (!used.has(last)) break;
      }
      used.add(last);
      return `${prefix}${last}`;
    },
    giveBack: (address) => void used.delete(Number(address.slice(prefix.length))),
  };
}
