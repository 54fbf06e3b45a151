declare module '*.css' {}
declare module '@fontsource-variable/inter/wght.css' {}
declare module '@fontsource-variable/jetbrains-mono/wght.css' {}
interface ImportMeta { readonly env: { readonly PROD: boolean } }
declare module '*.json?first' { const words: Record<string, string>; export { words as default }; }
declare module '*.json?rest' { const words: Record<string, string>; export { words as default }; }
