/** Exit codes beside those of a run: a wrong command line, and an error that nobody foresaw (as Luigi recommends). */
export const USAGE = 2;
export const UNEXPECTED = 40;
