/** `upstream` is from the client to the server, `downstream` the answer. */
export type Direction = "upstream" | "downstream";

/** `reset` sends RST (the peers see ECONNRESET), `end` sends FIN (the peers see an orderly end of the stream). */
export type CutKind = "reset" | "end";

export interface Cut {
  readonly direction: Direction;
  /**
   * Forwards exactly so many bytes of a connection, counted from when the fault was set, then cuts it in both
   * directions. A receiver that stops reading for a second can miss the last of them: TCP discards them on a `reset`.
   */
  readonly afterBytes: number;
  /** Defaults to `reset`. */
  readonly kind?: CutKind;
  /** How many connections are cut; later ones are left alone. Defaults to all. */
  readonly times?: number;
}

export interface TcpFaults {
  /** Time each byte travels, in each direction, in milliseconds. It does not limit the bandwidth. */
  readonly latencyMs?: number;
  /** Bandwidth of each direction of each connection. */
  readonly bytesPerSecond?: number;
  /** Nothing arrives, neither bytes nor the end, until the fault is taken away; then what was sent arrives. */
  readonly blackHole?: Direction | "both";
  readonly cut?: Cut;
}
