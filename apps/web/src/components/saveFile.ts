/** Hands bytes to the reader as a download. Folders in the name are dropped. */
export function saveFile(parameters: { bytes: Uint8Array<ArrayBuffer>; fileName: string; mediaType: string }): void {
  const { bytes, fileName, mediaType } = parameters;
  const url = URL.createObjectURL(new Blob([bytes], { type: mediaType }));
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName.split(/[\\/]/).at(-1) || 'download';
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
