/** `npm run new:plugin NAME [folder]`: a package with one step type, its tests, and the SDK beside it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pluginFiles } from './plugin-template.js';
import { pack, folder as sdkFolder } from './published-package.js';

const NAME = /^(@[a-z0-9][a-z0-9._-]*\/)?[a-z][a-z0-9._-]*$/;
const root = path.resolve(sdkFolder, '../..');

/** @param {string} problem */
function refuse(problem) {
  console.error(`${problem}\n\nUsage: npm run new:plugin NAME [folder]`);
  process.exit(1);
}

const [name, given, ...more] = process.argv.slice(2);
if (name === undefined || more.length > 0) refuse('Give the name of the new package, and its folder if you like.');
else if (!NAME.test(name)) refuse(`"${name}" is no name for a package. Take one such as signalbox-plugin-acme.`);
else
  create(
    name,
    path.resolve(process.env.INIT_CWD ?? process.cwd(), given ?? path.join(root, '..', path.basename(name))),
  );

/**
 * @param {string} packageName
 * @param {string} target
 */
function create(packageName, target) {
  if (existsSync(target) && readdirSync(target).length > 0)
    return refuse(`${target} exists and is not empty. Name another folder.`);
  mkdirSync(path.join(target, 'vendor'), { recursive: true });
  const tarball = pack(path.join(target, 'vendor'));
  const { version } = JSON.parse(readFileSync(path.join(sdkFolder, 'package.json'), 'utf8'));
  const { devDependencies } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const files = pluginFiles({
    name: packageName,
    sdkVersion: version,
    sdk: `file:vendor/${path.basename(tarball)}`,
    typescript: devDependencies.typescript,
    nodeTypes: devDependencies['@types/node'],
  });
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(target, file)), { recursive: true });
    writeFileSync(path.join(target, file), content);
  }
  console.log(`${packageName} is in ${target}

  cd ${target}
  npm install
  npm test                  the tests of its step type, and what every plugin must be
  SIGNALBOX_PLUGINS=${path.join(target, 'src/index.ts')} npm start      here, to try it; changes count within two seconds`);
}
