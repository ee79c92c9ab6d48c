/**
 * What glibc's allocator is told by its environment, bytes: what is larger is lent by the system and given back when it is free. By itself
 * it learns from the largest that was ever freed, and keeps up to 64 MB for each thread.
 */
export const memoryEnv = { MALLOC_MMAP_THRESHOLD_: '131072' };

/**
 * Has the system be given back the memory of large edits and documents, on Linux: the process goes on as itself, under the same number, once its
 * environment says so. It takes 50 ms. What the operator has set stays.
 */
export function giveBackMemory() {
  if (process.platform !== 'linux' || process.env.MALLOC_MMAP_THRESHOLD_ !== undefined || process.execve === undefined) return;
  const args = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, /** @type {Record<string, string>} */ ({ ...process.env, ...memoryEnv }));
}
