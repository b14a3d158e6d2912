import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";

interface ButtonProps {
  readonly onClick?: (event: MouseEvent) => void;
  readonly icon?: IconName;
  readonly children?: ComponentChildren;
  /** What an icon alone says to those who do not see it, and as a tip to those who do. */
  readonly label?: string;
  readonly look?: "plain" | "main" | "danger" | "quiet";
  readonly type?: "button" | "submit";
  readonly isDisabled?: boolean;
  readonly isPressed?: boolean;
}

export function Button({
  onClick,
  icon,
  children,
  label,
  look = "plain",
  type = "button",
  isDisabled,
  isPressed,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${look} ${children === undefined ? "button-icon" : ""}`}
      onClick={onClick}
      aria-label={label}
      title={label}
      disabled={isDisabled}
      aria-pressed={isPressed}
    >
      {icon === undefined ? null : <Icon name={icon} />}
      {children === undefined ? null : <span>{children}</span>}
    </button>
  );
}
