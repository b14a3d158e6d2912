import { Icon } from "./icon.tsx";

/** The address when a browser may be sent to it: `javascript:` and its like are not. */
export function safeUrl(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, href } = new URL(text);
  return protocol === "http:" || protocol === "https:" ? href : undefined;
}

/** A link that a task gave; shown as text when it leads to no web address. */
export function TrackingLink({ url }: { readonly url: string }) {
  const href = safeUrl(url);
  if (href === undefined) return <span class="mono">{url}</span>;
  return (
    <a href={href} target="_blank" rel="noreferrer noopener" class="tracking-link">
      <Icon name="link" />
      <span>{url}</span>
    </a>
  );
}

/** The same as a sign in a list, where it leads to a web address. */
export function TrackingSign({ url, of }: { readonly url: string; readonly of: string }) {
  const href = safeUrl(url);
  if (href === undefined) return null;
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer noopener"
      aria-label={`Follow ${of} elsewhere`}
      title={url}
    >
      <Icon name="link" />
    </a>
  );
}
