import {Box, Text, useCursor, useInput, usePaste} from 'ink';
import {dashboardScreen, failedScreen, type Screen} from '../src/dashboard/screen.ts';
import type {ViewState} from '../src/dashboard/state.ts';
import type {Raid} from '../src/model/raid.ts';
import {paint, type Theme} from '../src/text/theme.ts';
import {keysOf} from './keys.ts';
import {type Connection, useDashboard} from './use-dashboard.ts';

/** The connection to a raid, and how everything looks. */
export interface DashboardProps extends Connection {
	readonly theme: Theme;
}

/** The whole screen. The view decides what it shows; this draws it, and passes on the keys. */
export function Dashboard({theme, ...connection}: DashboardProps) {
	const {raid, view, pressKey, pasteText} = useDashboard(connection);
	const {setCursorPosition} = useCursor();
	useInput((input, key) => {
		for (const name of keysOf(input, key)) pressKey(name);
	});
	usePaste(pasteText);

	if (raid === null) return <Text>opening {theme.marks.cut}</Text>;
	const {rows, cursor} = draw(raid, view, theme);
	setCursorPosition(cursor ?? undefined);
	return (
		<Box width={view.size.width} height={view.size.height} flexDirection="column">
			{rows.map((row, slot) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a row is its place on the screen.
				<Text key={slot} wrap="truncate">
					{paint(row, theme)}
				</Text>
			))}
		</Box>
	);
}

function draw(raid: Raid, view: ViewState, theme: Theme): Screen {
	try {
		return dashboardScreen(raid, view, theme);
	} catch (error) {
		return failedScreen(error, view, theme);
	}
}
