import { aroundCosines, cosines, type MeaningField, withoutUsual } from '../meaning-field.ts';
import { type Surroundings, toPassages } from '../surroundings.ts';
import { type Columns, largest, scaled } from './column.ts';

/**
 * How alike passages and a question are by the built-in word vectors: of every row, none left out.
 * As they are; without what all texts of this user have in common, which says nothing about any of
 * them; and the same for a message together with the two beside it.
 */
export function meaningColumns(
  field: MeaningField,
  surroundings: Surroundings,
  meaning: Float64Array | null,
): Columns {
  const cosine = cosines(field, meaning);
  const special = meaning === null ? cosine : withoutUsual(cosine, field.centre, meaning);
  const near = aroundCosines(field, surroundings, cosine);
  const around = toPassages(
    surroundings,
    meaning === null ? near : withoutUsual(near, field.around, meaning),
  );
  return {
    meaning: cosine,
    meaningMax: scaled(cosine, largest(cosine)),
    meaningSpecial: special,
    meaningSpecialMax: scaled(special, largest(special)),
    meaningAround: around,
    meaningAroundMax: scaled(around, largest(around)),
  };
}
