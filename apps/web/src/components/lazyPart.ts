import { type ComponentType, type LazyExoticComponent, type ReactNode, lazy } from 'react';

type PropsOf<Part> = Part extends (props: infer Props) => ReactNode ? Props : never;

/**
 * A component in a chunk of its own, which is loaded when it is first shown.
 *
 * @example const Versions = lazyPart(() => import('./Versions.tsx'), 'Versions');
 */
export function lazyPart<Name extends string, Module extends Record<Name, (props: never) => ReactNode>>(load: () => Promise<Module>, name: Name): LazyExoticComponent<ComponentType<PropsOf<Module[Name]>>> {
  return lazy(async () => ({ default: (await load())[name] as unknown as ComponentType<PropsOf<Module[Name]>> }));
}
