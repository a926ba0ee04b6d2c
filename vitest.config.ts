import {defineConfig} from 'vitest/config';

export default defineConfig({
	test: {
		include: ['test/**/*.test.ts'],
		benchmark: {include: ['bench/**/*.bench.ts']},
		globalSetup: 'test/helpers/build.ts',
		// Real processes on a busy machine: a limit for what hangs, not a measure of speed.
		testTimeout: 120_000,
		hookTimeout: 120_000,
		maxWorkers: 2,
	},
});
