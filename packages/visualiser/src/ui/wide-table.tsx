import type { ComponentChildren } from "preact";

/** A table that may be wider than its place; then it is moved sideways, by keys too. */
export function WideTable({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="table-scroll" role="group" tabIndex={0} aria-label={label}>
      <table class="table">{children}</table>
    </div>
  );
}
