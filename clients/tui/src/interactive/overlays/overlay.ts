/** Something that stands in the editor's place and has the keys, until it goes. */
export interface Overlay {
  /** At most `rows` lines. */
  render(width: number, rows: number): readonly string[];
  handleInput(data: string): void;
}
