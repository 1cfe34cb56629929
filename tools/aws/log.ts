/** Takes one line for the operator who watches the local run. */
export type Log = (line: string) => void;
