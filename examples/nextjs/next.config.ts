import type { NextConfig } from 'next';

// This folder is the project, whatever lock files lie above it.
const config: NextConfig = { turbopack: { root: import.meta.dirname } };

export default config;
