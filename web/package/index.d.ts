import type {} from './jsx.d.ts';

export * from './element.d.ts';
