export {
  decodeWordVectors,
  encodeWordVectors,
  type WordVectors,
  wordDimensions,
} from './decode-table.ts';
export { meaningOf } from './meaning-of.ts';
export { readWordVectors, wordVectorsFile } from './read-table.ts';
