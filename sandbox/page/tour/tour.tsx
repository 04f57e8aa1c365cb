/** Six steps from the first command to the trail. */
export function Tour() {
  return <section class="tour" aria-label="Tour" />;
}
