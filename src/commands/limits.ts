import {command} from '../cli/command.ts';
import {readLimits, settableLimits} from '../cli/limits.ts';
import {tableRows} from '../cli/rows.ts';
import {limitsDocument} from '../documents/control.ts';
import {presentQuery} from '../model/query.ts';

export const limits = command({
	name: 'limits',
	group: 'control',
	summary: 'Show the limits of the raid, or change some while it runs.',
	arguments: [
		{
			name: 'changes',
			label: 'KEY=VALUE',
			type: 'text',
			isOptional: true,
			isRepeated: true,
			help: `${settableLimits.map(({key}) => key).join(', ')}; KEY=default gives one back to config.json`,
		},
	],
	examples: ['raid limits', 'raid limits maxLive=8 stallAfter=5m', 'raid limits maxLive=default'],
	inSpaceOs: 'It has no limits that can be set.',
	async run({changes}, _, {openBackend, openToChange}) {
		const asked = readLimits(changes);
		const shown =
			changes.length === 0
				? (await openBackend()).read(presentQuery).limits
				: (await (await openToChange()).perform({type: 'set-limits', limits: asked})).limits;
		return {
			document: limitsDocument(shown),
			rows: tableRows(
				['KEY', 'VALUE', 'WHAT'],
				settableLimits.map(({key, help, show}) => [key, show(shown), help]),
			),
		};
	},
});
