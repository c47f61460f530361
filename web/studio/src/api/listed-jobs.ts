/** The jobs that the studio lists; every reader of the list asks for the same ones, so that they share one answer. */
export const listed = { limit: 12 };
