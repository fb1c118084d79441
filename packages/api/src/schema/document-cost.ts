/** Points for a field that may hold a whole document: the inputs and outputs of a hundred jobs are no small list. */
export const DOCUMENT_COST = 50;
