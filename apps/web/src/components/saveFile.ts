/** Hands bytes to the reader as a download. */
export function saveFile({ bytes, fileName, mediaType }: { bytes: Uint8Array<ArrayBuffer>; fileName: string; mediaType: string }): void {
  saveBlob({ file: new Blob([bytes], { type: mediaType }), fileName });
}

/** The same of what a worker has put together already: nothing is copied here. Folders in the name are dropped. */
export function saveBlob({ file, fileName }: { file: Blob; fileName: string }): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName.split(/[\\/]/).at(-1) || 'download';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
