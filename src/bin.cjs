#!/usr/bin/env node
// Becomes dist/cli.js. Old syntax, so that an old Node can read it and say what it lacks: below 22.14
// better-sqlite3 13 does not fail, it crashes.
var version = process.versions.node.split('.').map(Number);
if (version[0] < 22 || (version[0] === 22 && version[1] < 14)) {
	process.stderr.write('raid: needs Node.js 22.14 or newer, this is ' + process.version + '.\n');
	process.exit(2);
}
import('./main.mjs');
