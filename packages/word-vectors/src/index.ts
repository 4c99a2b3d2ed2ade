export { decodeWordVectors, type WordVectors, wordDimensions } from './decode-table.ts';
export { meaningOf } from './meaning-of.ts';
export { readWordVectors } from './read-table.ts';
