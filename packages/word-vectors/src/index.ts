export {
  decodeWordVectors,
  encodeWordVectors,
  type WordVectors,
  wordDimensions,
} from './decode-table.ts';
export { addMeanings, directionOf, meaningOf, numbersOf } from './meaning-of.ts';
export { readWordVectors, wordVectorsFile } from './read-table.ts';
