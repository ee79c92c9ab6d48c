#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { giveBackMemory } from './give-back-memory.mjs';
import { root, underRecentNode } from './node.mjs';
import { SetupError } from './npm.mjs';

// The command `inkwire`: in the package it runs what was built, in a clone the sources.
try {
  await underRecentNode();
  if (process.argv[2] === 'serve') giveBackMemory();
  const built = join(root, 'dist/server/main.js');
  const source = join(root, 'server/main.ts');
  await import(pathToFileURL(existsSync(source) ? source : built).href);
} catch (error) {
  if (!(error instanceof SetupError)) throw error;
  process.stderr.write(`inkwire: ${error.message}\n`);
  process.exit(1);
}
