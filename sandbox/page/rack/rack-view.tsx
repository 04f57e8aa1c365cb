/** Nodes, TMM pods, peers and sessions as they are now, with switches that break them. */
export function RackView() {
  return <aside class="rack" aria-label="Rack" />;
}
