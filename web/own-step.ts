/** The meta of a transaction that is a step of the history by itself, whatever was written just before and after. */
export const OWN_STEP = 'ownStep';
