const GAP_PX = 4;

/** Puts a panel of the top layer below its anchor, or above it where there is more room; within the window. */
export function putBeside(panel: HTMLElement, anchor: HTMLElement): void {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const roomBelow = innerHeight - at.bottom;
  const isAbove = roomBelow < height + GAP_PX && at.top > roomBelow;
  const left = at.left + width > innerWidth ? at.right - width : at.left;
  panel.style.left = `${Math.max(GAP_PX, left)}px`;
  panel.style.top = `${Math.max(GAP_PX, isAbove ? at.top - height - GAP_PX : at.bottom + GAP_PX)}px`;
}
