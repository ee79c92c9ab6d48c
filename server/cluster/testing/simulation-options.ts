/** A rule that is taken out of the protocol, to see that it is missed. */
export type Mutant = 'takes gaps for none' | 'reads nothing' | 'hears no pulses and compares nothing' | 'asks for no presence';

export interface SimulationOptions {
  readonly seed: number;
  readonly nodes?: number;
  readonly documents?: number;
  readonly edits?: number;
  readonly faults?: number;
  readonly mutant?: Mutant;
}

/** What a schedule has come to; `problems` is empty when all is well. */
export interface Outcome {
  readonly problems: readonly string[];
  readonly messages: number;
  readonly reads: number;
  /** When the last document was the same everywhere, ms after the last fault. */
  readonly settledMs: number;
}
