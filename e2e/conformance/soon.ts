/** Resolves when `condition` holds; rejects with `what` in the message when it does not in time. */
export type Soon = (what: string, condition: () => unknown) => Promise<void>;
