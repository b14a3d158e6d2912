interface MeterProps {
  readonly label: string;
  readonly value: number;
  readonly max: number;
  /** Colours the bar by how full it is. */
  readonly warns?: boolean;
}

/** A bar that says how much of something is used or done. */
export function Meter({ label, value, max, warns = false }: MeterProps) {
  const share = max > 0 ? Math.min(1, Math.max(0, value / max)) : value > 0 ? 1 : 0;
  const fullness = !warns ? "" : share >= 1 ? "meter-full" : share > 0.5 ? "meter-half" : "";
  return (
    <div
      class={`meter ${fullness}`}
      role="meter"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={Math.max(max, value)}
    >
      <div class="meter-fill" style={{ width: `${share * 100}%` }} />
    </div>
  );
}

/** Progress of a task as its worker tells it, usually 0 to 100. */
export function Progress({ percentage }: { readonly percentage: number }) {
  return (
    <span class="progress">
      <Meter label="Progress" value={percentage} max={100} />
      <span class="progress-number">{Math.round(percentage)} %</span>
    </span>
  );
}
