import { useEffect } from "preact/hooks";

/** Names the view in the tab of the browser. */
export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Leat`;
  }, [title]);
}
