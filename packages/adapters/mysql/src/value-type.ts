/** How values of one type of MySQL are written. */
export interface ValueType {
  /**
   * The text of a value that is not null, as the server reads it for the type.
   *
   * @throws ValueError when the type does not take the value, or would change it
   */
  readonly text: (value: unknown) => string;
  /** When the text is not the value itself: the SQL expression that makes the value of an expression with the text. */
  readonly decode?: (expression: string) => string;
}
