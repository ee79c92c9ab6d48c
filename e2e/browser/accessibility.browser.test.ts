import { accessibility } from './accessibility.ts';

// Each colour and each size once; the soak pairs every colour with every size.
accessibility([
  ['light', 'desk'],
  ['dark', 'phone'],
]);
