/** Whether this is how routers write an elapsed time: `00:09:11`, `1d02h54m`, `03w6d21h`, `never`. */
export function isElapsed(text: string): boolean {
  if (text.length > 24) return false;
  return isNever(text) || /^\d{1,4}(:\d{2}){1,2}$/.test(text) || /^(\d{1,6}[ywdhms])+$/.test(text);
}

export function isNever(text: string): boolean {
  return text.toLowerCase() === 'never';
}
