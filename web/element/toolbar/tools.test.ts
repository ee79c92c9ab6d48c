import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { shortcutLabel, toolGroups } from './tools.ts';

describe('tools', () => {
  const tools = toolGroups({ editLink: () => {}, insertImage: () => {}, insertMath: () => {}, find: () => {} }).flat();

  it('are named once each', () => assert.equal(new Set(tools.map(({ label }) => label)).size, tools.length));

  it('say their keys the way the platform does', () => {
    assert.equal(shortcutLabel('Mod-Shift-8', false), 'Ctrl+Shift+8');
    assert.equal(shortcutLabel('Mod-Shift-8', true), '⌘⇧8');
    assert.equal(shortcutLabel('Mod-Alt-C', true), '⌘⌥C');
  });
});
