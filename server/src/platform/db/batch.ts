import type { Database } from './database.ts';

/** Answers many calls with one statement: as many outputs as inputs, in their order, or an error that undid all of them. */
export type RunBatch<Input, Output> = (db: Database, inputs: readonly Input[]) => Promise<Output[]>;

export type BatchTerms = {
  /** Statements under way at once; more calls wait for one of them to end. Two keep the database busy while one of them waits for the disk. */
  inFlightMax?: number;
  /** Calls in one statement. */
  sizeMax?: number;
};

type Waiting<Input, Output> = { input: Input; resolve: (output: Output) => void; reject: (reason: unknown) => void };

/**
 * Collects the calls that this process makes at about the same time into one statement, so that they share a round trip, a plan and a commit. Nobody
 * waits for company: a call leaves at the end of the event loop's turn while fewer than `inFlightMax` statements are under way. Each call gets its own
 * answer. When the database refuses a batch (and has thus undone it), its calls are made again one by one, so that a bad one harms no other; after an
 * unclear end, such as a lost connection, all of them fail as a single call would.
 */
export function batchCalls<Input, Output>(
  run: RunBatch<Input, Output>,
  terms: BatchTerms = {},
): (db: Database, input: Input) => Promise<Output> {
  const queues = new WeakMap<Database, (input: Input) => Promise<Output>>();
  return (db, input) => {
    let call = queues.get(db);
    if (!call) queues.set(db, (call = createQueue((inputs) => run(db, inputs), terms)));
    return call(input);
  };
}

function createQueue<Input, Output>(
  run: (inputs: readonly Input[]) => Promise<Output[]>,
  { inFlightMax = 2, sizeMax = 64 }: BatchTerms,
): (input: Input) => Promise<Output> {
  const waiting: Waiting<Input, Output>[] = [];
  let inFlight = 0;
  let turn: NodeJS.Immediate | undefined;

  const leave = (): void => {
    turn = undefined;
    while (inFlight < inFlightMax && waiting.length > 0) {
      inFlight += 1;
      void answer(waiting.splice(0, sizeMax)).finally(() => {
        inFlight -= 1;
        leave();
      });
    }
  };
  const answer = async (calls: Waiting<Input, Output>[]): Promise<void> => {
    try {
      const outputs = await run(calls.map(({ input }) => input));
      if (outputs.length !== calls.length) throw new Error(`${calls.length} calls got ${outputs.length} answers.`);
      for (const [at, call] of calls.entries()) call.resolve(outputs[at] as Output);
    } catch (error) {
      if (calls.length > 1 && isUndone(error)) for (const call of calls) await answer([call]);
      else for (const call of calls) call.reject(error);
    }
  };
  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      turn ??= setImmediate(leave);
    });
}

/** An error told by the server itself has undone the statement; classes 08 and 57 speak of a connection or a server that is going away. */
function isUndone(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57)/.test(code);
}
