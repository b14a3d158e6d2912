/** PostgreSQL keeps no zero characters in texts: the sign for one stands in its place. */
export function storable(text: string): string {
  return text.replaceAll("\0", "\u2400");
}
