export interface SavedFile {
  readonly name: string;
  readonly text: string;
  readonly type: string;
}

/** Lets the browser keep a text as a file, where it keeps what it loads. */
export function saveFile({ name, text, type }: SavedFile): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
