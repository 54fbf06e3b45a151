declare module '*.css' {}
declare module '@fontsource-variable/inter/wght.css' {}
declare module '@fontsource-variable/jetbrains-mono/wght.css' {}
interface ImportMeta { readonly env: { readonly PROD: boolean } }
declare module '*.json?first' { const words: Record<string, string>; export { words }; }
declare module '*.json?rest' { const words: Record<string, string>; export { words }; }
declare module '*.json?packages' { const words: Record<string, string>; const patterns: [english: string, other: string][]; export { words, patterns }; }
