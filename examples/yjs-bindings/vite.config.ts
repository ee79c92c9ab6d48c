import { defineConfig } from 'vite';

const pages = ['index', 'codemirror', 'quill', 'prosemirror', 'canvas'];

export default defineConfig({ build: { target: 'es2023', rolldownOptions: { input: pages.map((page) => `${page}.html`) } } });
