import { Button } from "./button.tsx";
import { attempt, say } from "./toast.tsx";

/** Puts a text on the clipboard, where the browser allows that (https and this machine). */
export function CopyButton({ text, label }: { readonly text: string; readonly label: string }) {
  if (!isSecureContext) return null;
  return (
    <Button
      icon="copy"
      label={label}
      look="quiet"
      onClick={() => attempt(navigator.clipboard.writeText(text).then(() => say("Copied.")))}
    />
  );
}
