import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const SDK = /^@signalbox\/plugin-sdk(\/.*)?$/;

/**
 * Watches which files are read from now on. A plugin that does not find the SDK where it lies gets the one of this executor,
 * so that a single file in any folder is a plugin.
 */
export function watchModules(): { files(): string[] } {
  const files = new Set<string>();
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!SDK.test(specifier)) throw error;
        return next(specifier, { ...context, parentURL: import.meta.url });
      }
    },
    load(url, context, next) {
      if (url.startsWith('file:')) files.add(fileURLToPath(url));
      return next(url, context);
    },
  });
  return { files: () => [...files] };
}
