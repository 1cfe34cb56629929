/** Takes one line for the person who watches the local run. */
export type Log = (line: string) => void;
